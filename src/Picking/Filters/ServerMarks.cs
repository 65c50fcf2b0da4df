using System.Runtime.CompilerServices;

namespace Orleans.Inference.Picking.Filters;

/// <summary>Which servers of a view meet a condition on what never changes about them, such as their labels.</summary>
/// <remarks>Found out once for each membership and kept as one bit a server, so that a decision pays a look at a bit. Safe from any thread.</remarks>
internal sealed class ServerMarks(Func<ModelServer, bool> condition)
{
    private readonly ConditionalWeakTable<ModelServer[], ulong[]> _marks = [];

    /// <summary>Moves the candidates that meet the condition to the front, in their order, and returns how many they are.</summary>
    public int Keep(PoolView view, Span<int> candidates)
    {
        // Asked first without the way to make them: that would be a delegate for each decision.
        if (!_marks.TryGetValue(view.Membership, out var marks))
        {
            marks = _marks.GetValue(view.Membership, Mark);
        }

        var kept = 0;
        foreach (var candidate in candidates)
        {
            candidates[kept] = candidate;
            kept += (int)(marks[candidate >> 6] >> candidate) & 1;
        }

        return kept;
    }

    private ulong[] Mark(ModelServer[] servers)
    {
        var marks = new ulong[(servers.Length + 63) / 64];
        for (var i = 0; i < servers.Length; i++)
        {
            marks[i >> 6] |= condition(servers[i]) ? 1UL << i : 0;
        }

        return marks;
    }
}
