namespace Orleans.Inference.Picking.Configuration;

/// <summary>What messages call a plugin by what it is good for.</summary>
internal static class PluginRoleNames
{
    /// <summary>Such as <c>filter, scorer or picker</c>.</summary>
    public static string Describe(this PluginRoles roles)
    {
        var names = Enum.GetValues<PluginRoles>().Where(role => role != PluginRoles.None && roles.HasFlag(role)).Select(NameOf).ToList();
        return names is [.. var first, var last] && first.Count > 0 ? $"{string.Join(", ", first)} or {last}" : string.Join("", names);
    }

    private static string NameOf(PluginRoles role) => role switch
    {
        PluginRoles.ProfileHandler => "profile handler",
        PluginRoles.SaturationDetector => "saturation detector",
        PluginRoles.DataProducer => "data producer",
        PluginRoles.RequestControl => "part of request control",
        PluginRoles.DataSource => "data source",
        PluginRoles.DataExtractor => "data extractor",
        PluginRoles.FairnessPolicy => "fairness policy",
        PluginRoles.OrderingPolicy => "ordering policy",
        PluginRoles.UsageLimitPolicy => "usage limit policy",
        _ => role.ToString().ToLowerInvariant(),
    };
}
