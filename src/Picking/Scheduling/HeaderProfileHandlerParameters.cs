using System.ComponentModel;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Parameters of <c>header-profile-handler</c>, with the reference picker's names and defaults.</summary>
public sealed record HeaderProfileHandlerParameters
{
    /// <summary>The header that names the profile.</summary>
    [Description("The request header that names the profile to run.")]
    public string HeaderName { get; init; } = "EPP-Profile";

    /// <summary>The profile of requests without that header.</summary>
    [Description("The profile of requests without that header.")]
    public string DefaultProfile { get; init; } = "decode";
}
