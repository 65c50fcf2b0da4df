using System.Collections.Concurrent;

namespace Orleans.Inference.OrleansContracts.Lives;

/// <summary>What befell the grains of this process, by key.</summary>
internal static class LifeLog
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> ByKey = new();

    public static void Add(string key, string what) => ByKey.GetOrAdd(key, _ => new()).Enqueue(what);

    public static string[] Of(string key) => [.. ByKey.GetOrAdd(key, _ => new())];
}
