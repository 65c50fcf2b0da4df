using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Prefix;

/// <summary><c>kvEventsConfig.podDiscoveryConfig</c> of <c>precise-prefix-cache-producer</c>.</summary>
public sealed record PodDiscoveryParameters
{
    /// <summary>Which pods.</summary>
    [Description("No effect: the model servers of the pool are followed.")]
    public string PodLabelSelector { get; init; } = "llm-d.ai/inference-serving=true";

    /// <summary>Of which namespace.</summary>
    [Description("No effect: the model servers of the pool are followed.")]
    public string PodNamespace { get; init; } = "";

    /// <summary>Where a server publishes its events.</summary>
    [Range(1, 65_535)]
    [Description("Port at a server's address where it publishes its events; a server of rank n publishes at this port + n.")]
    public int SocketPort { get; init; } = 5557;

    /// <summary>Where a server tells again.</summary>
    [Range(int.MinValue, 65_535)]
    [Description("Port where a server tells again what was missed; a server of rank n at this port + n. 0 or less for none.")]
    public int ReplaySocketPort { get; init; }
}
