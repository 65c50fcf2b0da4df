using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Sessions;

namespace Orleans.Inference.Picking.Filters;

/// <summary><c>session-affinity-filter</c>: keeps only the server that the request's session was on before, where it is a candidate; else all.</summary>
public sealed class SessionAffinityFilter : SessionAffinity, IFilter
{
    private SessionAffinityFilter(ISessionStrategy strategy)
        : base(strategy)
    {
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<SessionAffinityFilter, SessionAffinityParameters>(
        "session-affinity-filter",
        (parameters, context) => new(parameters.CreateStrategy(context))) with
    {
        Summary = "Keeps only the server that the request's session was on before, where it is a candidate; else all.",
        Example = """
            - type: session-affinity-filter
              parameters:
                strategy: session_id
                sessionIdConfig:
                  sources:
                  - header: x-session-id
            """,
    };

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        if (Strategy.Find(context, candidates) is not (>= 0 and var place))
        {
            return candidates.Length;
        }

        candidates[0] = candidates[place];
        return 1;
    }
}
