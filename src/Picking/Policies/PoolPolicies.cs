using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Orleans.Inference.Picking.Policies;

/// <summary>What a pool's policy objects say of requests: how much they are worth, and which model serves them.</summary>
/// <remarks>
/// Immutable, safe from any thread; no lookup allocates. Names are compared exactly. Made of InferenceObjectives, InferenceModelRewrites and InferenceModels.
/// </remarks>
public sealed class PoolPolicies
{
    /// <summary>No policies: every priority is 0, no model is rewritten.</summary>
    public static readonly PoolPolicies None = new([], [], []);

    private readonly FrozenDictionary<string, RewriteRule> _exact;
    private readonly RewriteRule? _generic;

    /// <param name="objectives">Priorities by the names of InferenceObjectives.</param>
    /// <param name="modelPriorities">Priorities by the names of models.</param>
    /// <param name="rules">Rewrite rules, the one that takes precedence first; of several for one model the first counts, and of several for all models.</param>
    public PoolPolicies(IEnumerable<KeyValuePair<string, int>> objectives, IEnumerable<KeyValuePair<string, int>> modelPriorities, IEnumerable<RewriteRule> rules)
    {
        ArgumentNullException.ThrowIfNull(objectives);
        ArgumentNullException.ThrowIfNull(modelPriorities);
        ArgumentNullException.ThrowIfNull(rules);
        Rules = [.. rules];
        var exact = new Dictionary<string, RewriteRule>(StringComparer.Ordinal);
        var models = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in Rules)
        {
            if (rule.Models.IsDefaultOrEmpty)
            {
                _generic ??= rule;
            }
            else
            {
                foreach (var model in rule.Models)
                {
                    exact.TryAdd(model, rule);
                    models.Add(model);
                }
            }

            models.UnionWith(rule.Targets.Select(target => target.Model));
        }

        Objectives = objectives.ToFrozenDictionary(StringComparer.Ordinal);
        ModelPriorities = modelPriorities.ToFrozenDictionary(StringComparer.Ordinal);
        _exact = exact.ToFrozenDictionary(StringComparer.Ordinal);
        models.UnionWith(ModelPriorities.Keys);
        Models = models.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Priorities by the names of InferenceObjectives.</summary>
    public FrozenDictionary<string, int> Objectives { get; }

    /// <summary>Priorities by the names of models.</summary>
    public FrozenDictionary<string, int> ModelPriorities { get; }

    /// <summary>All rewrite rules, the one that takes precedence first.</summary>
    public ImmutableArray<RewriteRule> Rules { get; }

    /// <summary>All models that the policies name, as asked for or as a target: names that are known to be few and well meant.</summary>
    public FrozenSet<string> Models { get; }

    /// <summary>
    /// Priority of the requests that name <paramref name="objective"/> (<c>x-llm-d-inference-objective</c>): higher is served first, below 0 can be shed. 0 for one that is not known.
    /// </summary>
    public int PriorityOf(string objective) => Objectives.GetValueOrDefault(objective);

    /// <summary>
    /// Priority that a model's own object gives its requests (InferenceModel's criticality), for requests that name no objective. False for a model without such an object:
    /// it is served like any other, with priority 0, and not shed.
    /// </summary>
    public bool TryGetModelPriority(string model, out int priority) => ModelPriorities.TryGetValue(model, out priority);

    /// <summary>Which model serves a request that asks for <paramref name="model"/>, where a rule says so: the rule for that very model, else the one for all models. One rule is applied, once.</summary>
    /// <param name="model">The model asked for; empty for none, which only a rule for all models takes.</param>
    /// <param name="random">Where the draw among several targets comes from.</param>
    /// <param name="target">The model to be served by, drawn by weight; it can be the one asked for.</param>
    /// <param name="rewriteName">Name of the object that the rule is part of.</param>
    /// <returns>False where no rule is for the model.</returns>
    public bool TryRewrite(string model, Random random, [NotNullWhen(true)] out string? target, [NotNullWhen(true)] out string? rewriteName)
    {
        if (!_exact.TryGetValue(model, out var rule))
        {
            rule = _generic;
        }

        (target, rewriteName) = (rule?.Draw(random), rule?.Name);
        return rule is not null;
    }
}
