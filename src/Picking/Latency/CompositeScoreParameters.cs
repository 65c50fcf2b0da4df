using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Latency;

/// <summary>What a score is made of where nothing is predicted, with the reference picker's names and defaults.</summary>
public abstract record CompositeScoreParameters
{
    /// <summary>Without predictions: weight of the free KV cache.</summary>
    [Range(0.0, double.MaxValue)]
    [ElseDefault]
    [Description("Without predictions: weight of the free part of the KV cache.")]
    public double CompositeKVWeight { get; init; } = 1;

    /// <summary>Without predictions: weight of the queue.</summary>
    [Range(0.0, double.MaxValue)]
    [ElseDefault]
    [Description("Without predictions: weight of the queue.")]
    public double CompositeQueueWeight { get; init; } = 1;

    /// <summary>Without predictions: weight of the prefix match.</summary>
    [Range(0.0, double.MaxValue)]
    [ElseDefault]
    [Description("Without predictions: weight of the prefix match.")]
    public double CompositePrefixWeight { get; init; } = 1;
}
