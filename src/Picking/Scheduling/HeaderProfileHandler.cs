using System.Collections.Immutable;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary><c>header-profile-handler</c>: runs the profile that a header of the request names; a request that names one that is not there is refused.</summary>
/// <param name="profiles">Names of the profiles, by index.</param>
public sealed class HeaderProfileHandler(string header, string defaultProfile, ImmutableArray<string> profiles) : IProfileHandler
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<HeaderProfileHandler, HeaderProfileHandlerParameters>("header-profile-handler", Create) with
    {
        Summary = "Runs the profile that a request header names; the only one where there is just one. A request that names a profile that is not there gets 429.",
        Example = """
            - type: header-profile-handler
              parameters:
                headerName: x-stage
                defaultProfile: decode
            """,
    };

    /// <inheritdoc/>
    public int Next(in PickContext context, ReadOnlySpan<ProfileRun> runs)
    {
        if (!runs.IsEmpty)
        {
            return IProfileHandler.Done;
        }

        if (profiles.Length == 1)
        {
            return 0;
        }

        var named = context.Request.Headers?.TryGet(header, out var value) == true ? value.Trim() : "";
        var index = profiles.IndexOf(named.Length > 0 ? named : defaultProfile);
        return index < 0 ? IProfileHandler.Done : index;
    }

    /// <inheritdoc/>
    public int Primary(in PickContext context, ReadOnlySpan<ProfileRun> runs) => 0;

    private static HeaderProfileHandler Create(HeaderProfileHandlerParameters parameters, PluginContext context)
    {
        var header = parameters.HeaderName.Trim() is { Length: > 0 } name ? name : "EPP-Profile";
        var fallback = parameters.DefaultProfile.Trim() is { Length: > 0 } profile ? profile : "decode";
        if (context.Profiles.Length > 1 && !context.Profiles.Contains(fallback))
        {
            context.Warn("defaultProfile", $"there is no profile '{fallback}': requests without the header {header} are refused");
        }

        return new(header, fallback, context.Profiles);
    }
}
