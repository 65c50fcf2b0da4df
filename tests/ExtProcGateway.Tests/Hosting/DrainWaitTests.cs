using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Hosting;

public sealed class DrainWaitTests
{
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);

    private readonly ManualTimeProvider _time = new();
    private readonly OpenCalls _calls = new();
    private readonly DrainWait _wait;

    public DrainWaitTests() => _wait = new DrainWait(_calls, _time);

    [Fact]
    public async Task Run_NobodySends_EndsAfterTheQuietTime()
    {
        var left = _wait.RunAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.Equal(TimeSpan.FromSeconds(5), await PassUntilEndAsync(left, everyHalfSecond: _ => { }));
        Assert.Equal(TimeSpan.FromSeconds(25), await left);
    }

    [Fact]
    public async Task Run_StreamsGoOnComing_EndsAfterHalfOfTheTimeout()
    {
        var left = _wait.RunAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.Equal(TimeSpan.FromSeconds(15), await PassUntilEndAsync(left, everyHalfSecond: _ => AddAndRemove()));
        Assert.Equal(TimeSpan.FromSeconds(15), await left);
    }

    [Fact]
    public async Task Run_LastStreamComesAfterASecond_CountsFromThere()
    {
        var left = _wait.RunAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

        // The stream itself stays open: what counts is that no new one comes.
        var took = await PassUntilEndAsync(left, everyHalfSecond: passed =>
        {
            if (passed == TimeSpan.FromSeconds(1))
            {
                _calls.Add();
            }
        });
        Assert.InRange(took, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(6.1));
    }

    [Fact]
    public async Task Run_ShortTimeout_WaitsForHalfOfIt()
    {
        var left = _wait.RunAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        Assert.Equal(Half, await PassUntilEndAsync(left, everyHalfSecond: _ => { }));
        Assert.Equal(Half, await left);
    }

    [Fact]
    public async Task Run_NoTimeout_DoesNotWait() => Assert.Equal(TimeSpan.Zero, await _wait.RunAsync(TimeSpan.Zero, CancellationToken.None));

    [Fact]
    public async Task Run_Hurry_EndsAtOnce()
    {
        using var hurry = new CancellationTokenSource();
        var left = _wait.RunAsync(TimeSpan.FromSeconds(30), hurry.Token);
        Assert.False(left.IsCompleted);
        await hurry.CancelAsync();
        Assert.Equal(TimeSpan.FromSeconds(30), await left.WaitAsync(Bounds.Wait));
    }

    private void AddAndRemove()
    {
        _calls.Add();
        _calls.Remove();
    }

    /// <summary>Lets time pass, step by step, until the wait is over; how much has passed.</summary>
    private async Task<TimeSpan> PassUntilEndAsync(Task wait, Action<TimeSpan> everyHalfSecond)
    {
        var passed = TimeSpan.Zero;
        while (true)
        {
            await Eventually.TrueAsync(() => wait.IsCompleted || _time.ActiveTimers == 1);
            if (wait.IsCompleted)
            {
                return passed;
            }

            if (passed.Ticks % Half.Ticks == 0)
            {
                everyHalfSecond(passed);
            }

            var step = TimeSpan.FromMilliseconds(50);
            passed += step;
            _time.Advance(step);
        }
    }
}
