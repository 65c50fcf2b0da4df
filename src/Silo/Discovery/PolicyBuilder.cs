using System.Collections.Immutable;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>From policy objects to what a pool's gateways need to know of them.</summary>
internal static class PolicyBuilder
{
    /// <param name="policies">Those that count, in the order of <see cref="PolicyRules.Current"/>.</param>
    /// <param name="pool">Whose to take; others are passed over.</param>
    public static PoolPolicySpec Build(IEnumerable<PolicyObject> policies, PoolSpec pool)
    {
        var own = policies.Where(policy => PolicyRules.IsFor(policy, pool)).ToList();
        if (own.Count == 0)
        {
            return PoolPolicySpec.None;
        }

        // The oldest object has the model's name; a younger one with the same name counts for nothing.
        var models = own.OfType<ModelObject>().DistinctBy(model => model.ModelName, StringComparer.Ordinal).ToList();
        return new()
        {
            Objectives = Sorted(own.OfType<ObjectiveObject>().Select(objective => new NamedPriority(objective.Name, objective.Priority))),
            Models = Sorted(models.Select(model => new NamedPriority(model.ModelName, (int)model.Criticality))),

            // What an InferenceModel says of a model counts where no InferenceModelRewrite names that model.
            Rewrites = [.. own.OfType<ModelRewriteObject>().SelectMany(rewrite => rewrite.Rules), .. models.Where(model => !model.Targets.IsEmpty).Select(RuleOf)],
        };
    }

    private static RewriteRuleSpec RuleOf(ModelObject model) => new() { Name = model.Name, Models = [model.ModelName], Targets = model.Targets };

    /// <summary>So that the same policies are equal whatever order they were found in.</summary>
    private static ImmutableArray<NamedPriority> Sorted(IEnumerable<NamedPriority> priorities) => [.. priorities.OrderBy(priority => priority.Name, StringComparer.Ordinal)];
}
