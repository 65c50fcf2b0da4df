using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Parameters of <c>pd-profile-handler</c>, with the reference picker's names and defaults.</summary>
public sealed record PdProfileHandlerParameters
{
    /// <summary>Picks the server that answers.</summary>
    [Description("The profile that picks the server that answers.")]
    public string DecodeProfile { get; init; } = "decode";

    /// <summary>Picks the server that processes the prompt.</summary>
    [Description("The profile that picks the server that processes the prompt.")]
    public string PrefillProfile { get; init; } = "prefill";

    /// <summary>Decides which prompts are split off.</summary>
    [Required]
    [DefaultPlugin("prefix-based-pd-decider")]
    [Description("The decider that says which prompts get a server of their own.")]
    public PluginReference? DeciderPluginName { get; init; }

    /// <summary>Sends the request to this port of the picked pod, and names the picked rank in a header.</summary>
    [Range(0, 65535)]
    [Description("Sends the request to this port of its pod, and names the picked rank in `x-data-parallel-host-port`; 0 leaves it.")]
    public int PrimaryPort { get; init; }

    /// <summary>Without effect.</summary>
    [Description("Without effect.")]
    public string PrefixPluginType { get; init; } = "";

    /// <summary>Without effect.</summary>
    [Description("Without effect.")]
    public string PrefixPluginName { get; init; } = "";

    /// <summary>Who finds the matches that the decider reads.</summary>
    [Description("Which producer finds the matches that the decider reads; without it the configuration's own or the default one.")]
    public PluginReference? PrefixMatchInfoProducerName { get; init; }
}
