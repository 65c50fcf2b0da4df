using System.ComponentModel;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Parameters of <c>k8s-notification-source</c>.</summary>
public sealed record ObjectNotificationParameters
{
    /// <summary>API group.</summary>
    [Description("API group of the objects; empty for the core group.")]
    public string Group { get; init; } = "";

    /// <summary>API version.</summary>
    [Description("API version of the objects.")]
    public string Version { get; init; } = "";

    /// <summary>Kind.</summary>
    [Description("Kind of the objects.")]
    public string Kind { get; init; } = "";
}
