namespace Orleans.Inference.Silo.Discovery;

/// <summary>Says of each policy object that counts for nothing, why: whoever wrote it looks for its effect.</summary>
internal static class PolicyFindings
{
    /// <summary>One sentence for each.</summary>
    public static IEnumerable<string> Of(ClusterObjects objects, MembershipScope scope)
    {
        foreach (var policy in PolicyRules.Superseded(objects.Policies))
        {
            yield return $"{policy} does not count: its namespace has {policy.Kind} objects of the newer group";
        }

        var names = new Dictionary<(string Namespace, string Pool, string Model), PolicyObject>();
        foreach (var policy in PolicyRules.Current(objects.Policies))
        {
            if (scope.Standalone is not null)
            {
                yield return $"{policy} does not count: pods that --endpoint-selector selects have no policies";
            }
            else if (!objects.Pools.Any(pool => PolicyRules.IsFor(policy, pool.Spec)))
            {
                yield return $"{policy} does not count: there is no InferencePool {policy.Namespace}/{policy.Pool.Name} of {policy.Pool.Group}";
            }
            else if (policy is ModelObject model && !names.TryAdd((model.Namespace, model.Pool.Name, model.ModelName), model))
            {
                yield return $"{policy} does not count: {names[(model.Namespace, model.Pool.Name, model.ModelName)].Name} has the model name {model.ModelName} already";
            }
        }
    }
}
