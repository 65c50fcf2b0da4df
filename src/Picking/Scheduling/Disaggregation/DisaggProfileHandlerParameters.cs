using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Parameters of <c>disagg-profile-handler</c>, with the reference picker's names and defaults.</summary>
/// <remarks>The last six are the older form of <see cref="Profiles"/> and <see cref="Deciders"/>; the two forms don't mix.</remarks>
public sealed record DisaggProfileHandlerParameters
{
    /// <summary>Runs the decode profile first, or the prefill profile.</summary>
    [ElseDefault(Only = "")]
    [Description("`decode-first`: decode, encode, prefill; or `prefill-first`: prefill, encode, decode, where every request's prompt gets a server of its own.")]
    public string StageOrder { get; init; } = DisaggProfileHandler.DecodeFirst;

    /// <summary>The stages' profiles.</summary>
    public DisaggProfileNames Profiles { get; init; } = new();

    /// <summary>The stages' deciders.</summary>
    public DisaggDeciders Deciders { get; init; } = new();

    /// <summary>Older name.</summary>
    [Description("Deprecated: `profiles.decode`.")]
    public string DecodeProfile { get; init; } = "";

    /// <summary>Older name.</summary>
    [Description("Deprecated: `profiles.prefill`.")]
    public string PrefillProfile { get; init; } = "";

    /// <summary>Older name.</summary>
    [Description("Deprecated: `profiles.encode`.")]
    public string EncodeProfile { get; init; } = "";

    /// <summary>Older name.</summary>
    [Description("Deprecated: `deciders.prefill`.")]
    public PluginReference? PrefillDeciderPluginName { get; init; }

    /// <summary>Older name.</summary>
    [Description("Deprecated: `deciders.encode`.")]
    public PluginReference? EncodeDeciderPluginName { get; init; }

    /// <summary>The oldest name.</summary>
    [Description("Deprecated: `deciders.prefill`; `prefillDeciderPluginName` counts before it.")]
    public PluginReference? DeciderPluginName { get; init; }

    /// <summary>What the older form says in the present one; warns of each older name that is used.</summary>
    internal DisaggProfileHandlerParameters Modernized(PluginContext context)
    {
        (string Older, string Newer)[] names =
        [
            ("decodeProfile", "profiles.decode"),
            ("prefillProfile", "profiles.prefill"),
            ("encodeProfile", "profiles.encode"),
            ("prefillDeciderPluginName", "deciders.prefill"),
            ("encodeDeciderPluginName", "deciders.encode"),
            ("deciderPluginName", "deciders.prefill"),
        ];
        var used = names.Where(name => context.IsGiven(name.Older)).ToList();
        if (used.Count > 0 && (context.IsGiven("profiles") || context.IsGiven("deciders")))
        {
            context.Fault(used[0].Older, $"{used[0].Older} is of an older form, which doesn't mix with profiles and deciders; use {used[0].Newer}");
            return this;
        }

        foreach (var (older, newer) in used)
        {
            context.Warn(older, $"{older} is deprecated; use {newer}" + (older == "deciderPluginName" && PrefillDeciderPluginName is not null ? ", which prefillDeciderPluginName says already" : ""));
        }

        return used.Count == 0 ? this : this with
        {
            Profiles = new() { Decode = Or(DecodeProfile, Profiles.Decode), Prefill = Or(PrefillProfile, Profiles.Prefill), Encode = Or(EncodeProfile, Profiles.Encode) },
            Deciders = new() { Prefill = PrefillDeciderPluginName ?? DeciderPluginName, Encode = EncodeDeciderPluginName },
        };

        static string Or(string name, string byDefault) => name.Length > 0 ? name : byDefault;
    }
}
