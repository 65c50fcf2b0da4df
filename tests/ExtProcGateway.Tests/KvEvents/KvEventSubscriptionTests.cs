using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Inference.ExtProcGateway.KvEvents;
using Orleans.Inference.ExtProcGateway.Tests.View;
using Orleans.Inference.TestKit;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.ExtProcGateway.Tests.KvEvents;

public sealed class KvEventSubscriptionTests : IAsyncDisposable
{
    private readonly EventIndex _index = new();
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _replays = new(8);
    private KvPublisher? _publisher;
    private Task _run = Task.CompletedTask;

    private KvPublisher Publisher => _publisher!;

    /// <summary>A batch of one block, which prompts of this number have.</summary>
    private static byte[] Batch(int number) => KvBatch.Of(KvBatch.Stored([1000 + number], null, Enumerable.Repeat(number, 4), 4));

    private bool Knows(int number) => _index.Find(Enumerable.Repeat(number, 4)).Count > 0;

    private Task AwaitKnownAsync(int number) => Bounds.UntilAsync(() => Knows(number), $"batch {number} is known");

    private void Publish(bool replays = false, byte minorVersion = 1) =>
        _publisher = new(new(IPAddress.Loopback, 0), replays ? new(IPAddress.Loopback, 0) : null, minorVersion: minorVersion);

    private void Follow(TimeProvider? time = null)
    {
        var source = new KvEventSource("ns/pod-rank-0", Publisher.EndPoint, Publisher.ReplayEndPoint, "kv@");
        var stream = new KvEventStream(_index.Index, _index.Index.Join(0)!);
        time ??= TimeProvider.System;
        _run = new KvEventSubscription(source, stream, new KvReplay(_replays, time, _log), new Random(1), time, _log).RunAsync(_stop.Token);
    }

    private async Task FollowFirstAsync()
    {
        Follow();
        await Publisher.AwaitSubscriberAsync();
        await Publisher.PublishAsync(Batch(0));
        await AwaitKnownAsync(0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(Bounds.Wait);
        Assert.Equal(0, _index.Index.Index.Pairs);
        await (_publisher?.DisposeAsync() ?? default);
        _stop.Dispose();
        _replays.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Run_Events_AreKnownAndForgotten(byte minorVersion)
    {
        Publish(minorVersion: minorVersion);
        await FollowFirstAsync();
        await Publisher.PublishAsync(KvBatch.Of(KvBatch.Removed([1000]), KvBatch.Stored([1001], null, Enumerable.Repeat(1, 4), 4)));

        await AwaitKnownAsync(1);
        Assert.False(Knows(0));
    }

    [Fact]
    public async Task Run_BatchMissed_WithoutReplayForgetsWhatWasBefore()
    {
        Publish();
        await FollowFirstAsync();
        Publisher.Lose(Batch(1));
        await Publisher.PublishAsync(Batch(2));

        await AwaitKnownAsync(2);
        Assert.False(Knows(0));
        Assert.False(Knows(1));
    }

    [Fact]
    public async Task Run_BatchesBeforeTheConnection_AreAskedFor()
    {
        Publish(replays: true);
        Publisher.Lose(Batch(0));
        Publisher.Lose(Batch(1));
        Follow();

        await AwaitKnownAsync(1);
        Assert.True(Knows(0));
        await Publisher.PublishAsync(Batch(2));
        await AwaitKnownAsync(2);
        Assert.True(Knows(0));
        Assert.Equal([0UL], Publisher.Asked);
    }

    [Fact]
    public async Task Run_BatchMissed_IsAskedFor()
    {
        Publish(replays: true);
        await FollowFirstAsync();
        Publisher.Lose(Batch(1));
        await Publisher.PublishAsync(Batch(2));

        await AwaitKnownAsync(2);
        Assert.True(Knows(0));
        Assert.True(Knows(1));
        Assert.Equal([0UL, 1UL], Publisher.Asked);
    }

    [Fact]
    public async Task Run_ReplayThatNobodyAnswers_GoesOnWithoutIt()
    {
        Publish();
        var source = new KvEventSource("ns/pod-rank-0", Publisher.EndPoint, new(IPAddress.Loopback, Loopback.FreePort()), "kv@");
        _run = new KvEventSubscription(source, new(_index.Index, _index.Index.Join(0)!), new(_replays, TimeProvider.System, _log), new Random(1), TimeProvider.System, _log).RunAsync(_stop.Token);
        await Publisher.AwaitSubscriberAsync();
        Publisher.Next = 5;
        await Publisher.PublishAsync(Batch(5));

        await AwaitKnownAsync(5);
    }

    [Fact]
    public async Task Run_ServerStartedAnew_ForgetsTheOldOne()
    {
        Publish();
        await FollowFirstAsync();
        await Publisher.PublishAsync(Batch(1));
        await AwaitKnownAsync(1);
        Publisher.Restart();
        await Publisher.PublishAsync(Batch(7));

        await AwaitKnownAsync(7);
        Assert.False(Knows(0));
        Assert.False(Knows(1));
    }

    [Fact]
    public async Task Run_ConnectionLost_IsMadeAgainAndNothingForgottenThatWasNotMissed()
    {
        Publish();
        await FollowFirstAsync();
        Publisher.Disconnect();
        await Publisher.AwaitSubscriberAsync();
        Assert.True(Knows(0));
        await Publisher.PublishAsync(Batch(1));

        await AwaitKnownAsync(1);
        Assert.True(Knows(0));
    }

    [Fact]
    public async Task Run_ConnectionLostAndBatchMissed_ForgetsWhatWasBefore()
    {
        Publish();
        await FollowFirstAsync();
        Publisher.Disconnect();
        Publisher.Lose(Batch(1));
        await Publisher.AwaitSubscriberAsync();
        await Publisher.PublishAsync(Batch(2));

        await AwaitKnownAsync(2);
        Assert.False(Knows(0));
    }

    public static TheoryData<byte[]> Garbage => new()
    {
        "HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(),
        new byte[] { 2, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
        ZmtpPeer.Frame(0, [1, 2, 3]),
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Run_Garbage_ConnectsAgain(byte[] garbage)
    {
        Publish();
        await FollowFirstAsync();
        await Publisher.SendRawAsync(garbage);
        await Bounds.UntilAsync(() => _log.Count(LogLevel.Warning, "can't be read") > 0, "the loss is told");
        Publisher.Disconnect();
        await Publisher.AwaitSubscriberAsync();
        await Publisher.PublishAsync(Batch(1));

        await AwaitKnownAsync(1);
        Assert.Equal(1, _log.Count(LogLevel.Warning, "can't be read"));
    }

    [Fact]
    public async Task Run_BatchThatIsNone_ForgetsAndGoesOn()
    {
        Publish();
        await FollowFirstAsync();
        await Publisher.PublishAsync([0xc1, 1, 2]);
        await Publisher.PublishAsync([0xc1]);
        await Publisher.PublishAsync(Batch(3));

        await AwaitKnownAsync(3);
        Assert.False(Knows(0));
        Assert.Equal(1, _log.Count(LogLevel.Warning, "is no batch of events"));
    }

    [Fact]
    public async Task Run_TopicWithoutModel_IsToldOnce()
    {
        _publisher = new(new(IPAddress.Loopback, 0), topic: "kv@pod");
        Follow();
        await Publisher.AwaitSubscriberAsync();
        await Publisher.PublishAsync(Batch(0));
        await Publisher.PublishAsync(Batch(1));

        await Bounds.UntilAsync(() => _index.Index.Index.Pairs == 2, "both batches are read");
        Assert.Equal(1, _log.Count(LogLevel.Warning, "names no model"));
    }

    [Fact]
    public async Task Run_ServerStaysAway_IsForgottenAfterAWhileAndToldOnce()
    {
        var time = new ManualTimeProvider();
        Publish();
        Follow(time);
        await Publisher.AwaitSubscriberAsync();
        await Publisher.PublishAsync(Batch(0));
        await AwaitKnownAsync(0);
        await Publisher.DisposeAsync();
        _publisher = null;
        await Bounds.UntilAsync(() => _log.Count(LogLevel.Warning, "can't be read") > 0, "the loss is told");
        Assert.True(Knows(0));

        await Bounds.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return !Knows(0);
            },
            "what it held is forgotten");
        Assert.Equal(1, _log.Count(LogLevel.Warning, "can't be read"));
    }
}
