namespace Orleans.Inference.Interop.Tests.Programs;

/// <inheritdoc cref="NodeTheoryAttribute"/>
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (RequiredPrograms.Node is null || RequiredPrograms.NodeModules is null)
        {
            Skip = RequiredPrograms.NoNode;
        }
    }
}
