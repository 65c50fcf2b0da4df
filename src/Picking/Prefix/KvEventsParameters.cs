using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Prefix;

/// <summary><c>kvEventsConfig</c> of <c>precise-prefix-cache-producer</c>.</summary>
public sealed record KvEventsParameters
{
    /// <summary>Where servers connect to.</summary>
    [Description("No effect: no endpoint is opened for servers to connect to.")]
    public string ZmqEndpoint { get; init; } = "";

    /// <summary>Begin of the topics.</summary>
    [Description("Begin of the topics to take. A topic is `kv@<pod>@<model>`: the model is what requests name.")]
    public string TopicFilter { get; init; } = "kv@";

    /// <summary>Workers.</summary>
    [Range(0, int.MaxValue)]
    [Description("No effect: each server's events are read by themselves.")]
    public int Concurrency { get; init; } = 4;

    /// <summary>Who writes the events.</summary>
    [AllowedValues("", "vllm", "sglang")]
    [Description("No effect: the events of vLLM and SGLang are told apart by themselves.")]
    public string EngineType { get; init; } = "vllm";

    /// <summary>Read the events where each server publishes them.</summary>
    [Description("Read the events where each server publishes them; nothing else can be done here.")]
    public bool DiscoverPods { get; init; } = true;

    /// <summary>Where that is.</summary>
    [Description("Where that is.")]
    public PodDiscoveryParameters PodDiscoveryConfig { get; init; } = new();
}
