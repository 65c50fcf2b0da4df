namespace Orleans.Inference.Interop.Tests.Programs;

/// <summary>A test that is skipped, saying why, where its program is missing.</summary>
internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute()
    {
        if (RequiredPrograms.Node is null || RequiredPrograms.NodeModules is null)
        {
            Skip = RequiredPrograms.NoNode;
        }
    }
}
