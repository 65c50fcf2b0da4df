using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Grains.Pools;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Grains.Tests.Pools;

public sealed class GatewaySubscribersTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeObserver _observer = new();
    private readonly GatewaySubscribers _subscribers;

    public GatewaySubscribersTests()
    {
        _subscribers = new GatewaySubscribers("ns/p", new GrainsOptions(), _time, TestData.Metrics(), NullLogger.Instance);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(3L, true)]
    [InlineData(4L, false)]
    public void Renew_NewGateway_NeedsSnapshotUnlessItHasTheVersion(long? known, bool expected)
    {
        Assert.Equal(expected, _subscribers.Renew("g", _observer, known, version: 4));
    }

    [Fact]
    public void Renew_WhileFramesAreOnTheirWay_NeedsNoSnapshot()
    {
        _subscribers.Renew("g", _observer, null, version: 4);

        Assert.False(_subscribers.Renew("g", _observer, known: 4, version: 9));
        Assert.True(_subscribers.Renew("g", _observer, known: 4, version: 9));
    }

    [Fact]
    public void Expire_NotRenewed_GetsNoMoreFrames()
    {
        _subscribers.Renew("late", _observer, null, 0);
        _time.Advance(TimeSpan.FromSeconds(3));
        _subscribers.Renew("alive", new FakeObserver(), null, 0);
        _time.Advance(TimeSpan.FromSeconds(3));

        _subscribers.Expire();
        _subscribers.Push(Frame(0, 0));

        Assert.Equal(1, _subscribers.Count);
        Assert.Empty(_observer.Frames);
    }

    [Fact]
    public void Push_SlowGateway_GetsNoMoreThanTheWindowAndDelaysNobody()
    {
        var answers = new List<TaskCompletionSource>();
        _observer.Answer = () =>
        {
            answers.Add(new TaskCompletionSource());
            return answers[^1].Task;
        };
        var quick = new FakeObserver();
        _subscribers.Renew("slow", _observer, null, 0);
        _subscribers.Renew("quick", quick, null, 0);

        for (var i = 0; i < GatewaySubscribers.Window + 5; i++)
        {
            _subscribers.Push(Frame(0, 0));
        }

        Assert.Equal(GatewaySubscribers.Window, _observer.Frames.Count);
        Assert.Equal(GatewaySubscribers.Window + 5, quick.Frames.Count);
        answers[0].SetResult();
        _subscribers.Push(Frame(0, 0));
        Assert.Equal(GatewaySubscribers.Window + 1, _observer.Frames.Count);

        // Only load was left out, so nothing is missing.
        Assert.False(_subscribers.Renew("slow", _observer, known: 0, version: 0));
    }

    [Fact]
    public void Renew_AfterAMissedChange_NeedsSnapshot()
    {
        _subscribers.Renew("g", _observer, known: 0, version: 0);
        _observer.Answer = () => Task.FromException(new TimeoutException());

        _subscribers.Push(Frame(0, 1));

        Assert.True(_subscribers.Renew("g", _observer, known: 0, version: 1));
        Assert.False(_subscribers.Renew("g", _observer, known: 1, version: 1));
    }

    private static PoolFrame Frame(long from, long to) =>
        new() { Epoch = Guid.Empty, Sequence = 1, FromVersion = from, ToVersion = to, Load = LoadFrame.Empty };
}
