namespace Orleans.Runtime;

/// <summary>What generated proxies derive from: a proxy's base must be a class with a public constructor.</summary>
internal class GrainProxy : GrainReference
{
    public GrainProxy()
    {
    }
}
