using System.Collections.Immutable;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary><c>agent-identity</c>: a request that names no flow belongs to the flow of its agent's session, which coding agents put into headers.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
internal sealed class AgentIdentity
{
    private static readonly ImmutableArray<string> _known = ["x-claude-code-session-id", "x-session-affinity", "session-id", "session_id"];

    private readonly ImmutableArray<string> _headers;

    private AgentIdentity(AgentIdentityParameters parameters) => _headers = [.. _known.Concat(parameters.Headers).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<AgentIdentity, AgentIdentityParameters>("agent-identity", (parameters, context) => Create(parameters, context)) with
    {
        Roles = PluginRoles.RequestControl,
        Summary = "Gives a request without a fairness id that of its agent's session: the first of the headers `x-claude-code-session-id`, `x-session-affinity`, `session-id`, `session_id` that it has.",
        Example = """
            - type: agent-identity
              parameters:
                headers: [x-agent-session]
            """,
    };

    /// <summary>The session of a request; null where its headers name none. Looks through all headers for each name.</summary>
    public string? Find(IRequestHeaders headers)
    {
        foreach (var name in _headers)
        {
            if (headers.TryGet(name, out var value) && value.Length > 0)
            {
                return value;
            }
        }

        return null;
    }

    private static AgentIdentity Create(AgentIdentityParameters parameters, PluginContext context)
    {
        if (parameters.Headers.Contains(""))
        {
            context.Fault("headers", "a header's name must not be empty");
        }

        return new(parameters);
    }
}
