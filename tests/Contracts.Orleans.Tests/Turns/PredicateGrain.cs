using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace Orleans.Inference.OrleansContracts.Turns;

[MayInterleave(nameof(MayInterleave))]
internal sealed class PredicateGrain : Grain, IPredicateGrain
{
    private readonly TaskCompletionSource _gate = new();
    private int _count;

    public static bool MayInterleave(IInvokable request) => request.GetMethodName() == nameof(OpenByName);

    public async Task WaitAtGate() => await _gate.Task;

    public Task OpenByName()
    {
        _gate.TrySetResult();
        return Task.CompletedTask;
    }

    public Task<int> Count() => Task.FromResult(++_count);
}
