using Orleans.Concurrency;

namespace Orleans.Inference.OrleansContracts.Turns;

[Reentrant]
internal sealed class ReentrantTurnGrain : Grain, IReentrantTurnGrain
{
    private readonly TaskCompletionSource _gate = new();
    private int _inside;
    private int _running;
    private bool _overlapped;

    public async Task<int> EnterAndWaitFor(int others)
    {
        if (++_inside == others)
        {
            _gate.TrySetResult();
        }

        await _gate.Task;
        return _inside;
    }

    public async Task<bool> Spin()
    {
        for (var i = 0; i < 20; i++)
        {
            _overlapped |= Interlocked.Increment(ref _running) > 1;
            Thread.SpinWait(50);
            Interlocked.Decrement(ref _running);
            await Task.Yield();
        }

        return _overlapped;
    }
}
