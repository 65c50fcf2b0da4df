using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Parameters of <c>session-affinity-filter</c> and <c>session-affinity-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record SessionAffinityParameters
{
    internal const string EncodedEndpointHeader = "encoded_endpoint_header";
    internal const string SessionId = "session_id";

    /// <summary>How a session finds its server.</summary>
    [AllowedValues(EncodedEndpointHeader, SessionId)]
    [Description("How a session finds its server: by a header that the response gave it, or by an id of the client's, whose server each replica remembers for itself.")]
    public string Strategy { get; init; } = EncodedEndpointHeader;

    /// <summary>Of <c>encoded_endpoint_header</c>.</summary>
    public EncodedEndpointHeaderConfig EncodedEndpointHeaderConfig { get; init; } = new();

    /// <summary>Of <c>session_id</c>.</summary>
    public SessionIdConfig SessionIdConfig { get; init; } = new();

    /// <summary>Whose pick is the session's server.</summary>
    [Description("The profile whose pick is the session's server, such as `prefill`; empty for that of the destination.")]
    public string ProfileName { get; init; } = "";

    /// <summary>The strategy, with what is wrong with the parameters told.</summary>
    internal ISessionStrategy CreateStrategy(PluginContext context)
    {
        var profile = context.Profiles.IndexOf(ProfileName);
        if (ProfileName.Length > 0 && profile < 0)
        {
            context.Fault("profileName", $"there is no profile '{ProfileName}'");
        }

        if (Strategy != SessionId)
        {
            return new EncodedServerStrategy(EncodedEndpointHeaderConfig.Header, profile);
        }

        var bindings = new SessionBindings(context.Time, TimeSpan.FromSeconds(SessionIdConfig.EvictionTtlSeconds), TimeSpan.FromSeconds(SessionIdConfig.EvictionSweepSeconds));
        var sources = SessionIdConfig.Sources.IsEmpty ? [new SessionIdSource { Header = "x-session-id" }] : SessionIdConfig.Sources;
        return new SessionIdStrategy([.. sources.Select(source => SessionIdReader.Of(source, context))], bindings, profile);
    }
}
