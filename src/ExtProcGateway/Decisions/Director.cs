using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.ExtProcGateway.Decisions;

/// <summary>Decides where a request goes, from the local view alone.</summary>
/// <remarks>Safe from any thread; each has its own scratch.</remarks>
internal sealed class Director(Scheduler scheduler, TimeProvider time, int? seed) : IDisposable
{
    private readonly ThreadLocal<DecisionScratch> _scratch = new(() => new DecisionScratch(NewRandom(seed)));

    /// <summary>Picks a server for a request with a body.</summary>
    /// <param name="destination">The addresses, best first; valid until the thread's next decision.</param>
    /// <returns>Null, or why there is none.</returns>
    public Refusal? Pick(PoolState? pool, InferenceRequest request, out ReadOnlySpan<byte> destination)
    {
        destination = default;
        if (pool?.View is not { Count: > 0 } view)
        {
            return Refusal.NoCandidates;
        }

        var scratch = _scratch.Value!;
        var allowed = AllOf(view, scratch.Picking);
        var context = new PickContext(view, request, time.GetMilliseconds(), scratch.Random);
        var outcome = scheduler.Pick(context, allowed, scratch.Picking, out var picks);
        if (outcome != PickOutcome.Picked)
        {
            return outcome == PickOutcome.NoCandidates ? Refusal.NoCandidates : Refusal.FiltersDrained;
        }

        scratch.ClearDestination();
        foreach (var pick in picks)
        {
            scratch.AddDestination(view.Servers[pick].AddressUtf8.Span);
        }

        destination = scratch.Destination;
        return null;
    }

    /// <summary>Any server of the pool, for a request without a body: there is nothing to score it by.</summary>
    public Refusal? PickAny(PoolState? pool, out ReadOnlySpan<byte> destination)
    {
        destination = default;
        if (pool?.View is not { Count: > 0 } view)
        {
            return Refusal.NoPods;
        }

        destination = view.Servers[_scratch.Value!.Random.Next(view.Count)].AddressUtf8.Span;
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    private static ReadOnlySpan<int> AllOf(PoolView view, PickScratch scratch)
    {
        var allowed = scratch.Allowed(view.Count);
        for (var i = 0; i < allowed.Length; i++)
        {
            allowed[i] = i;
        }

        return allowed;
    }

    private static Random NewRandom(int? seed) => seed is { } value ? new Random(value) : new Random();
}
