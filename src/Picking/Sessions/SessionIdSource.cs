using System.ComponentModel;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Where a session's id is looked for: exactly one of a header and an attribute.</summary>
public sealed record SessionIdSource
{
    /// <summary>A header of the request.</summary>
    [Description("A request header.")]
    public string Header { get; init; } = "";

    /// <summary>What another plugin has noted of the request.</summary>
    [Description("What another plugin has noted of the request by this name.")]
    public string Attribute { get; init; } = "";

    /// <summary>Has no effect.</summary>
    [Description("Has no effect: an attribute's name says where it comes from.")]
    public string Producer { get; init; } = "";

    /// <summary>The id that a request has there; empty for none.</summary>
    internal string Find(InferenceRequest request) =>
        Header.Length == 0 ? request.GetNote<string>(Attribute)?.Trim() ?? ""
        : request.Headers?.TryGet(Header, out var value) == true ? value.Trim()
        : "";
}
