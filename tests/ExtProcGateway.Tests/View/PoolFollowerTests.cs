using Microsoft.Extensions.Logging;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking.Policies;
using Orleans.Inference.TestKit;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

public sealed class PoolFollowerTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly PoolState _state = new("ns/p");
    private readonly TablePool _pool = new(Table(Server("a")));
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PoolFollower _follower;
    private Task _run = Task.CompletedTask;

    public PoolFollowerTests()
    {
        _pool.Table.TakeFrame(0);
        _follower = new PoolFollower(_state, "g", FakeGrains.Of((_, _) => _pool), _time, _log);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(Bounds.Wait);
    }

    [Fact]
    public async Task RunAsync_FirstSnapshotThenFrames_MakeTheView()
    {
        await StartAsync();

        Report(7);
        await _follower.OnFrame(_pool.Table.TakeFrame(0));

        Assert.Equal([7], _state.View!.Queued.ToArray());
        Assert.Equal((Guid.Empty, 0), _pool.Subscriptions[0]);
    }

    [Fact]
    public async Task OnFrame_PoliciesChanged_AreSwappedInAndStayUntilTheyChangeAgain()
    {
        _pool.Table.Policies = new() { Objectives = [new("chat", 5)] };
        _pool.Table.TakeFrame(0);
        await StartAsync();
        var first = _state.Policies;
        Assert.Equal(5, first.PriorityOf("chat"));

        Report(7);
        await _follower.OnFrame(_pool.Table.TakeFrame(0));
        Assert.Same(first, _state.Policies);

        _pool.Table.Policies = new() { Models = [new("m", 100)], Rewrites = [Rewrite("r", ["m"], ("m-v2", null)), Rewrite("s", ["m"], ("m-v3", null))] };
        await _follower.OnFrame(_pool.Table.TakeFrame(0));

        Assert.Equal(0, _state.Policies.PriorityOf("chat"));
        Assert.True(_state.Policies.TryGetModelPriority("m", out var priority));
        Assert.True(_state.Policies.TryRewrite("m", new Random(1), out var target, out var rule));
        Assert.Equal((100, "m-v2", "r"), (priority, target, rule));

        _pool.Table.Policies = PoolPolicySpec.None;
        await _follower.OnFrame(_pool.Table.TakeFrame(0));
        Assert.Same(PoolPolicies.None, _state.Policies);
    }

    [Fact]
    public async Task RunAsync_EachSecond_RenewsWithWhatItHas()
    {
        await StartAsync();

        await UntilAsync(() => _pool.Subscriptions.Count == 2, "it renews");

        Assert.Equal((_pool.Table.Epoch, 1), _pool.Subscriptions[1]);
    }

    [Fact]
    public async Task OnFrame_OneWithChangesIsMissing_AsksForASnapshotAtOnce()
    {
        await StartAsync();
        Set(Server("a"), Server("b"));
        _pool.Table.TakeFrame(0);
        Set(Server("a"), Server("b"), Server("c"));

        await _follower.OnFrame(_pool.Table.TakeFrame(0));

        Assert.Equal(1, _state.View!.Count);
        await UntilAsync(() => _state.View!.Count == 3, "a snapshot has come", within: TimeSpan.FromMilliseconds(500));
        Assert.Equal((Guid.Empty, 0), _pool.Subscriptions[1]);
    }

    [Fact]
    public async Task OnFrame_BeforeTheSnapshotItFollows_IsAppliedAfterIt()
    {
        var gate = new TaskCompletionSource();
        _pool.BeforeAnswer = () => gate.Task;
        _run = Task.Run(() => _follower.RunAsync(_stop.Token));
        await Bounds.UntilAsync(() => _pool.Subscriptions.Count == 1, "it subscribes");
        Set(Server("a"), Server("b"));

        await _follower.OnFrame(_pool.Table.TakeFrame(0));
        gate.SetResult();

        await Bounds.UntilAsync(() => _state.View is { Count: 2 }, "snapshot and frame are in the view");
        Assert.Single(_pool.Subscriptions);
    }

    [Fact]
    public async Task RunAsync_SnapshotOvertakenByFrames_ChangesNothing()
    {
        await StartAsync();
        var gate = new TaskCompletionSource();
        var answers = 0;
        Set(Server("a"), Server("b"));
        var next = _pool.Table.TakeFrame(0);
        _pool.BeforeAnswer = async () =>
        {
            await gate.Task;
            Interlocked.Increment(ref answers);
        };
        await UntilAsync(() => _pool.Subscriptions.Count == 2, "it renews, and a snapshot is made");
        await _follower.OnFrame(next);
        Report(9);
        await _follower.OnFrame(_pool.Table.TakeFrame(0));

        gate.SetResult();
        await UntilAsync(() => Volatile.Read(ref answers) == 2, "the next renewal is answered");

        Assert.Equal([9, 0], _state.View!.Queued.ToArray());
    }

    [Fact]
    public async Task RunAsync_PoolMovedToAnotherSilo_TakesItsSnapshotAndKeepsTheViewUntilThen()
    {
        await StartAsync();
        var view = _state.View;
        _pool.HasNoMembership = true;
        await UntilAsync(() => _pool.Subscriptions.Count == 3, "it asks the new activation");
        Assert.Same(view, _state.View);

        _pool.Table = Table(Server("a"), Server("b"));
        _pool.Table.TakeFrame(0);
        _pool.HasNoMembership = false;

        await UntilAsync(() => _state.View!.Count == 2, "the new activation's snapshot has come");
    }

    [Fact]
    public async Task RunAsync_ClusterDoesNotAnswer_KeepsTheViewAndSaysItOnce()
    {
        await StartAsync();
        var view = _state.View;
        _pool.BeforeAnswer = () => Task.FromException(new TimeoutException("no answer"));
        await UntilAsync(() => _pool.Subscriptions.Count == 5, "it goes on asking");
        Assert.Same(view, _state.View);
        _pool.BeforeAnswer = () => Task.CompletedTask;

        await UntilAsync(() => _log.Count(LogLevel.Information, "again") == 1, "it says that it works again");

        Assert.Equal(1, _log.Count(LogLevel.Warning, ""));
        var asked = _pool.Subscriptions.Count;
        await UntilAsync(() => _pool.Subscriptions.Count == asked + 2, "it renews");
        Assert.Equal(1, _log.Count(LogLevel.Information, "again"));
    }

    [Fact]
    public async Task RunAsync_NoAnswerAtAll_AsksAgain()
    {
        _pool.BeforeAnswer = () => new TaskCompletionSource().Task;
        _run = Task.Run(() => _follower.RunAsync(_stop.Token));
        await UntilAsync(() => _pool.Subscriptions.Count == 2, "it does not wait for ever");
        _pool.BeforeAnswer = () => Task.CompletedTask;

        await UntilAsync(() => _state.View is not null, "the view comes");
    }

    [Fact]
    public async Task Stop_LateFrame_BringsNoViewBack()
    {
        await StartAsync();
        _follower.Stop();
        _state.View = null;

        Report(7);
        await _follower.OnFrame(_pool.Table.TakeFrame(0));

        Assert.Null(_state.View);
    }

    [Fact]
    public async Task RunAsync_Cancelled_Unsubscribes()
    {
        await StartAsync();

        await _stop.CancelAsync();
        await _run.WaitAsync(Bounds.Wait);

        Assert.Equal(1, _pool.Unsubscribed);
    }

    private async Task StartAsync()
    {
        _run = Task.Run(() => _follower.RunAsync(_stop.Token));
        await Bounds.UntilAsync(() => _state.View is not null, "the first view comes");
    }

    /// <summary>Lets the clock go, for so long at most, until the condition holds.</summary>
    private Task UntilAsync(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var step = TimeSpan.FromMilliseconds(within is null ? 100 : 20);
        var steps = within is null ? int.MaxValue : (int)(within.Value / step);
        return Bounds.UntilAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                if (steps-- > 0)
                {
                    _time.Advance(step);
                }

                return condition();
            },
            what);
    }

    private void Set(params ModelServerSpec[] servers) => _pool.Table.SetServers(servers, 0, new NoChanges());

    private void Report(int queued) => _pool.Table.Apply(Batch(_pool.Table.Epoch, (0, queued)), 0);
}
