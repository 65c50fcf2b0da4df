using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Sessions;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>session-affinity-scorer</c>: 1 for the server that the request's session was on before, 0 for the others.</summary>
public sealed class SessionAffinityScorer : SessionAffinity, IScorer
{
    private SessionAffinityScorer(ISessionStrategy strategy)
        : base(strategy)
    {
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<SessionAffinityScorer, SessionAffinityParameters>(
        "session-affinity-scorer",
        (parameters, context) => new(parameters.CreateStrategy(context))) with
    {
        Summary = "Prefers the server that the request's session was on before.",
        Formula = "1 for that server, 0 for the others",
        Example = """
            - type: session-affinity-scorer
              parameters:
                encodedEndpointHeaderConfig:
                  header: x-session-token
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        scores.Clear();
        if (Strategy.Find(context, candidates) is >= 0 and var place)
        {
            scores[place] = 1;
        }
    }
}
