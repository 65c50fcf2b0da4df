using System.Collections.Concurrent;

namespace Orleans.Inference.OrleansContracts.Lives;

/// <summary>Gates that tests open from outside, where a call of the grain would not get in.</summary>
internal static class LifeGates
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> ByKey = new();

    public static Task Of(string key) => Gate(key).Task;

    public static void Open(string key) => Gate(key).TrySetResult();

    private static TaskCompletionSource Gate(string key) =>
        ByKey.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
