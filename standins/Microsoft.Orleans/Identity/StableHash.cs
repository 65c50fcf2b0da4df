namespace Orleans.Runtime;

/// <summary>A hash that is the same in every process (FNV-1a).</summary>
internal static class StableHash
{
    public static uint Of(string first, string second)
    {
        var hash = Add(2166136261u, first);
        hash = (hash ^ '/') * 16777619u;
        return Add(hash, second);
    }

    private static uint Add(uint hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return hash;
    }
}
