using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Silo.Discovery.Manifests;

internal static partial class ManifestLog
{
    [LoggerMessage(4000, LogLevel.Information, "Manifests applied: {Pools} pools with {Servers} model servers, from {Pods} pods")]
    public static partial void Applied(ILogger logger, int pools, int servers, int pods);

    [LoggerMessage(4001, LogLevel.Error, "{Issue}")]
    public static partial void Error(ILogger logger, YamlIssue issue);

    [LoggerMessage(4002, LogLevel.Warning, "{Issue}")]
    public static partial void Warning(ILogger logger, YamlIssue issue);

    [LoggerMessage(4003, LogLevel.Information, "{Issue}")]
    public static partial void Info(ILogger logger, YamlIssue issue);

    [LoggerMessage(4004, LogLevel.Warning, "No pool {Namespace}/{Name} among the manifests")]
    public static partial void PoolNotFound(ILogger logger, string @namespace, string name);

    [LoggerMessage(4005, LogLevel.Warning, "{Path} can't be watched ({Reason}); it is looked at twice a second instead")]
    public static partial void NoWatch(ILogger logger, string path, string reason);

    [LoggerMessage(4006, LogLevel.Warning, "{Finding}")]
    public static partial void PolicyWithoutEffect(ILogger logger, string finding);
}
