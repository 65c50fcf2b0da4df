namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>A metric by its name, kind and labels, and by the older name that it is exposed under as well.</summary>
internal sealed record MetricDefinition(string Name, MetricKind Kind, string[] Labels, string Meaning)
{
    /// <summary>Marks names and labels as free to change, as the reference picker's page does.</summary>
    private const string Stability = "[ALPHA] ";

    /// <summary>Upper bounds of a histogram's buckets.</summary>
    public double[] Buckets { get; init; } = [];

    /// <summary>The older name; null where there is none.</summary>
    public OlderName? Older { get; init; }

    /// <summary>The help text on the page.</summary>
    public string Help => Stability + Meaning;

    /// <summary>The help text of <see cref="Older"/>.</summary>
    public string OlderHelp => $"{Stability}[Deprecated: Use {Name}] {Meaning}";

    /// <summary>The values of the older name's labels.</summary>
    public string[] OlderValues(string[] values) => [.. Older!.Labels.Select(label => values[Array.IndexOf(Labels, OlderName.Renamed(label))])];
}
