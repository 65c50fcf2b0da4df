using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.InFlight;

/// <summary>Parameters of <c>inflight-load-producer</c>, with the reference picker's names and defaults.</summary>
public sealed record InFlightLoadParameters
{
    /// <summary>Count the tokens of the answer too.</summary>
    [Description("Count an estimate of the answer's tokens too, and all tokens until the answer is complete. Without it the prompt's count until the answer begins.")]
    public bool AddEstimatedOutputTokens { get; init; }

    /// <summary>Tokens of an answer for each token of its prompt.</summary>
    [Range(0, double.MaxValue)]
    [Description("Tokens of an answer for each token of the whole prompt, cached or not.")]
    public double OutputRatio { get; init; } = 1.5;

    /// <summary>Most tokens that are estimated; null for no bound but the client's.</summary>
    [Range(0, int.MaxValue)]
    [Description("Most tokens that are estimated for an answer; the client's own limit counts too.")]
    public int? MaxEstimatedOutputTokens { get; init; }

    /// <summary>The plugin that finds out who holds the prompt.</summary>
    [Description("Name of the plugin that finds out which part of the prompt a server holds: that part is not counted.")]
    public PluginReference? PrefixMatchInfoProducerName { get; init; }

    /// <summary>Of no effect.</summary>
    [Description("Of no effect: what other replicas have sent is not counted here.")]
    public bool SyncCrossReplicaState { get; init; } = true;
}
