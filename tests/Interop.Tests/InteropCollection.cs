namespace Orleans.Inference.Interop.Tests;

/// <summary>Tests that share one <see cref="InteropSystem"/> and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class InteropCollection : ICollectionFixture<InteropSystem>
{
    public const string Name = "interop";
}
