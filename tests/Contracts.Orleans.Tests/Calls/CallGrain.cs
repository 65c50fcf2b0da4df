using Orleans.Placement;

namespace Orleans.Inference.OrleansContracts.Calls;

[RandomPlacement]
internal sealed class CallGrain : Grain, ICallGrain
{
    private readonly TaskCompletionSource _gate = new();
    private bool _isWaiting;
    private bool _wasCancelled;
    private int _sum;

    public async Task WaitForCancellation(CancellationToken cancellationToken)
    {
        _isWaiting = true;
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _wasCancelled = true;
            throw;
        }
    }

    public Task<int> AddUnlessCancelled(int number, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_sum += number);
    }

    public async Task PassOn(string other, CancellationToken cancellationToken)
    {
        _isWaiting = true;
        await GrainFactory.GetGrain<ICallGrain>(other).WaitForCancellation(cancellationToken);
    }

    public Task<bool> IsWaiting() => Task.FromResult(_isWaiting);

    public Task<bool> WasCancelled() => Task.FromResult(_wasCancelled);

    public Task<int> Sum() => Task.FromResult(_sum);

    public async Task WaitAtGate()
    {
        _isWaiting = true;
        await _gate.Task;
        _isWaiting = false;
    }

    public Task WaitAtGateForASecond() => WaitAtGate();

    public Task OpenGate()
    {
        _gate.TrySetResult();
        return Task.CompletedTask;
    }

    public Task WaitAtGateOneWay() => WaitAtGate();

    public Task ThrowOneWay() => throw new InvalidOperationException("no one hears this");

    public Task<string?> ContextValue(string key) => Task.FromResult(RequestContext.Get(key) as string);

    public Task<string?> ContextValueOfNext(string other, string key) => GrainFactory.GetGrain<ICallGrain>(other).ContextValue(key);

    public Task SetContextValue(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }
}
