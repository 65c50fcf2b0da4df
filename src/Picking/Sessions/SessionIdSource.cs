using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Where a session's id is looked for: exactly one of a header and an attribute.</summary>
public sealed record SessionIdSource
{
    /// <summary>A header of the request.</summary>
    [Description("A request header.")]
    public string Header { get; init; } = "";

    /// <summary>What another plugin has found out of the request.</summary>
    [Description("What another plugin has found out of the request, by its name: `SessionIDDataKey` of a `session-id-producer`, or `agent-identity`.")]
    public string Attribute { get; init; } = "";

    /// <summary>The plugin that has the attribute.</summary>
    [Description("Name of the `session-id-producer` that finds `SessionIDDataKey`; other attributes have none.")]
    public PluginReference? Producer { get; init; }
}
