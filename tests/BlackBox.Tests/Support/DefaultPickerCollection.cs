namespace Orleans.Inference.BlackBox.Tests.Support;

/// <summary>Tests that share one <see cref="DefaultPicker"/> and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class DefaultPickerCollection : ICollectionFixture<DefaultPicker>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "default picker";
}
