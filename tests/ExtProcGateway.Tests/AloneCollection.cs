namespace Orleans.Inference.ExtProcGateway.Tests;

/// <summary>Tests that look at the memory of the process, and so run when no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
