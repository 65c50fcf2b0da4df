using System.ComponentModel;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Parameters of <c>session-id-producer</c>, of which exactly one is given.</summary>
public sealed record SessionIdProducerParameters
{
    /// <summary>The header whose value is the session's id.</summary>
    [Description("The request header whose value is the session's id. Either this or `cookieName`.")]
    public string HeaderName { get; init; } = "";

    /// <summary>The cookie whose value is the session's id.</summary>
    [Description("The cookie whose value is the session's id; upper and lower case differ. Of several the first counts, and quotes around its value are no part of the id. Either this or `headerName`.")]
    public string CookieName { get; init; } = "";
}
