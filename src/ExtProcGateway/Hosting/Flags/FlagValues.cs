namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>What flags have set: the options, and what only the check of all of them together needs.</summary>
internal sealed class FlagValues
{
    public ProcessOptions Options { get; } = new();

    public bool EndpointSelectorGiven { get; set; }

    /// <summary>Flags by which the reference picker took names of metrics once.</summary>
    public List<string> MetricNames { get; } = [];

    public long MaxReceiveMessageSize { get; set; }

    public long MaxSendMessageSize { get; set; }

    public long? MaxRequestBodySize { get; set; }
}
