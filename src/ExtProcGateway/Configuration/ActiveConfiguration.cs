namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>The configuration that is served by now.</summary>
/// <remarks>Swapped whole: who takes <see cref="Current"/> once sees one configuration. Safe from any thread.</remarks>
internal sealed class ActiveConfiguration(ServingConfiguration first)
{
    private volatile ServingConfiguration _current = first;

    /// <summary>Costs one read; each request may see another.</summary>
    public ServingConfiguration Current
    {
        get => _current;
        set => _current = value;
    }
}
