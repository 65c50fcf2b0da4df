namespace Orleans.Inference.OrleansContracts.Turns;

internal sealed class TurnGrain : Grain, ITurnGrain
{
    private readonly TaskCompletionSource _gate = new();
    private readonly List<int> _recorded = [];
    private int _inside;
    private int _most;

    public async Task<int> Overlap()
    {
        _most = Math.Max(_most, ++_inside);
        for (var i = 0; i < 5; i++)
        {
            await Task.Yield();
        }

        _inside--;
        return _most;
    }

    public Task Record(int value)
    {
        _recorded.Add(value);
        return Task.CompletedTask;
    }

    public Task<List<int>> Recorded() => Task.FromResult(_recorded);

    public async Task WaitAtGate()
    {
        _inside++;
        await _gate.Task;
        _inside--;
    }

    public Task ReadAtGate() => WaitAtGate();

    public Task Open()
    {
        _gate.TrySetResult();
        return Task.CompletedTask;
    }

    public Task<int> Inside() => Task.FromResult(_inside);
}
