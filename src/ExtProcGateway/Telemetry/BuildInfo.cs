using System.Reflection;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>What was built, from the assembly's informational version (<c>version+commit</c>).</summary>
internal static class BuildInfo
{
    private const string Unknown = "unknown";

    static BuildInfo()
    {
        var version = typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        Commit = plus >= 0 ? version[(plus + 1)..] : Unknown;
        Reference = (plus >= 0 ? version[..plus] : version) is { Length: > 0 } reference ? reference : Unknown;
    }

    /// <summary>The commit; <c>unknown</c> where the build did not know it.</summary>
    public static string Commit { get; }

    /// <summary>The version.</summary>
    public static string Reference { get; }
}
