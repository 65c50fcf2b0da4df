using System.Collections.Concurrent;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>Bounds how many distinct values that clients choose a label may have, and how long they are: the first ones keep theirs, all further and longer ones become <see cref="Other"/>.</summary>
/// <remarks>Safe from any thread. A value that was admitted stays so, so that what is counted up under it is counted down under it.</remarks>
internal sealed class LabelCap(int limit)
{
    /// <summary>What stands for all the values that were not admitted.</summary>
    public const string Other = "other";

    /// <summary>
    /// Most UTF-16 units of a value. A value stands on each line of its series' histograms, about 300, so that ten model names of 200 KB made a page of a gigabyte. Names of InferenceModels have at most
    /// 256, names of objects 253.
    /// </summary>
    public const int LongestValue = 256;

    private readonly ConcurrentDictionary<string, bool> _admitted = new(StringComparer.Ordinal);
    private int _taken;

    /// <summary>Admits a value that comes from configuration, beside the limit, and for good.</summary>
    public void Admit(string value) => _admitted.TryAdd(value, true);

    /// <summary>True for a value that stays itself.</summary>
    public bool IsAdmitted(string value) => value.Length == 0 || _admitted.ContainsKey(value);

    /// <summary>The value itself, or <see cref="Other"/>. The empty value, which means that there is none, is always itself.</summary>
    public string Bound(string value)
    {
        if (IsAdmitted(value))
        {
            return value;
        }

        if (value.Length > LongestValue || Volatile.Read(ref _taken) >= limit)
        {
            return Other;
        }

        if (Interlocked.Increment(ref _taken) > limit)
        {
            Interlocked.Decrement(ref _taken);
            return Other;
        }

        if (!_admitted.TryAdd(value, true))
        {
            Interlocked.Decrement(ref _taken); // another thread admitted it meanwhile
        }

        return value;
    }
}
