using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Grains.ModelServers;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;

namespace Orleans.Inference.Grains.Tests.ModelServers;

public sealed class ReportBatcherTests : IDisposable
{
    private static readonly TimeSpan Tick = new GrainsOptions().ReportInterval;

    private readonly ManualTimeProvider _time = new();
    private readonly FakePoolGrain _pool = new();
    private readonly FakeModelServerGrain _server = new();
    private readonly ReportBatcher _batcher;
    private readonly Guid _epoch = Guid.NewGuid();

    public ReportBatcherTests()
    {
        var grains = FakeGrains.Of((type, _) => type == typeof(IPoolGrain) ? _pool : _server);
        _batcher = new ReportBatcher(grains, Options.Create(new GrainsOptions()), _time, Metrics(), NullLogger<ReportBatcher>.Instance);
    }

    public void Dispose() => _batcher.Dispose();

    [Fact]
    public void Put_SeveralSamples_GoInOneBatchWithTheNewestFiguresAndTheirAges()
    {
        using var one = Add(1);
        using var two = Add(2);
        one.Put(Sample(3));
        one.Put(Sample(4));
        two.Put(Sample(7));

        _time.Advance(Tick);

        var batch = Assert.Single(_pool.Reports);
        Assert.Equal([1, 2], batch.Slots);
        Assert.Equal([4, 7], batch.Load.Queued);
        Assert.Equal([(int)Tick.TotalMilliseconds, (int)Tick.TotalMilliseconds], batch.Load.AgeMs);
        Assert.Equal(_epoch, batch.Epoch);
    }

    [Fact]
    public void Put_NothingSince_MakesNoBatch()
    {
        using var slot = Add(1);
        slot.Put(Sample(3));

        _time.Advance(100 * Tick);

        Assert.Single(_pool.Reports);
    }

    [Fact]
    public void Put_TheSameForLong_IsReportedLessOften()
    {
        using var slot = Add(1);
        Repeat(slot, Sample(3), 100);

        // Each sample of the first second, reported 25 ms later; then the first that comes 200 ms after a report: at 1,200 ms and every 250 ms, up to 4,950.
        Assert.Equal(20 + 16, _pool.Reports.Count);
        Assert.All(_pool.Reports, batch => Assert.Equal([3], batch.Load.Queued));
    }

    [Fact]
    public void Put_ChangeAfterLong_IsReportedAtOnceAndForASecond()
    {
        using var slot = Add(1);
        Repeat(slot, Sample(3), 101);
        var before = _pool.Reports.Count;

        Repeat(slot, Sample(4), 20);

        Assert.Equal(before + 20, _pool.Reports.Count);
        Assert.All(_pool.Reports.Skip(before), batch => Assert.Equal([4], batch.Load.Queued));
    }

    [Fact]
    public void Put_QuietServer_GoesWithTheReportsOfABusyOne()
    {
        using var quiet = Add(1);
        using var busy = Add(2);
        for (var i = 0; i < 100; i++)
        {
            quiet.Put(Sample(3));
            busy.Put(Sample(i));
            _time.Advance(2 * Tick);
        }

        Assert.Equal(100, _pool.Reports.Count);
        Assert.All(_pool.Reports, batch => Assert.Equal(2, batch.Slots.Length));
    }

    [Fact]
    public void Put_QuietServerWhoseReportFailed_IsReportedAgainWithTheNextSample()
    {
        using var slot = Add(1);
        Repeat(slot, Sample(3), 60);
        var before = _pool.Reports.Count;
        _pool.OnReport = _ => Task.FromException<ReportReply>(new TimeoutException());
        Repeat(slot, Sample(3), 5);
        Assert.Equal(before + 1, _pool.Reports.Count);

        _pool.OnReport = _ => Task.FromResult(ReportReply.AllWanted);
        slot.Put(Sample(3));
        _time.Advance(TimeSpan.FromMilliseconds(250)); // the pause after a failure, and a tick

        Assert.Equal(before + 2, _pool.Reports.Count);
    }

    [Fact]
    public async Task Put_SlowPool_HasOneBatchUnderWayAndGetsTheNewestAfterIt()
    {
        var gate = new TaskCompletionSource<ReportReply>();
        _pool.OnReport = _ => gate.Task;
        using var slot = Add(1);
        for (var queued = 1; queued <= 50; queued++)
        {
            slot.Put(Sample(queued));
            _time.Advance(Tick);
        }

        Assert.Single(_pool.Reports);
        gate.SetResult(ReportReply.AllWanted);
        await Bounds.UntilAsync(
            () =>
            {
                _time.Advance(Tick);
                return _pool.Reports.Count > 1;
            },
            "the pool gets the second batch");

        Assert.Equal([1, 50], _pool.Reports.Select(batch => batch.Load.Queued[0]));
    }

    [Fact]
    public void Put_SameAdaptersAgain_AreToldOnce()
    {
        using var slot = Add(1);
        var lora = new LoraState(["sql"], [], 4);

        Report(slot, Sample(1, lora, new CacheConfig(16, 100)));
        Report(slot, Sample(2, lora, new CacheConfig(16, 100)));
        Report(slot, Sample(3, new LoraState(["chat"], [], 4), new CacheConfig(16, 100)));

        Assert.Equal([1, 0, 1], _pool.Reports.Select(batch => batch.Lora.Length));
        Assert.Equal([1, 0, 0], _pool.Reports.Select(batch => batch.Cache.Length));
        Assert.Equal(["chat"], _pool.Reports.Last().Lora[0].Lora.Active);
    }

    [Fact]
    public void Put_AfterAFailedBatch_TellsAdaptersAgainAfterAPause()
    {
        using var slot = Add(1);
        var sample = Sample(1, new LoraState(["sql"], [], 4));
        _pool.OnReport = _ => Task.FromException<ReportReply>(new TimeoutException());
        Report(slot, sample);
        _pool.OnReport = _ => Task.FromResult(ReportReply.AllWanted);

        Report(slot, sample);
        var soon = _pool.Reports.Count;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, soon);
        Assert.Equal(2, _pool.Reports.Count);
        Assert.Single(_pool.Reports.Last().Lora);
    }

    [Fact]
    public void Put_UnsampledServer_IsReportedAsFailing()
    {
        using var slot = Add(1);

        Report(slot, new ScrapeSample(0, 0, 0, LoraState.None, default, PoolView.NeverSampled, new ScrapeHealth(ScrapeFailure.Status, 500)));

        var batch = Assert.Single(_pool.Reports);
        Assert.Equal([LoadFrame.NeverSampled], batch.Load.AgeMs);
        Assert.Equal([ModelServerHealth.BadAnswer], batch.Health);
    }

    [Fact]
    public void Put_UnwantedForLong_EndsTheGrain()
    {
        using var slot = Add(1);
        _pool.OnReport = batch => Task.FromResult(new ReportReply([0]));
        Report(slot, Sample(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        Report(slot, Sample(1));
        Assert.Empty(_server.Unwatched);

        _time.Advance(TimeSpan.FromSeconds(2));
        Report(slot, Sample(1));

        Assert.Equal([(_epoch, 1)], _server.Unwatched);
        Assert.Equal(0, _batcher.OutboxCount);
    }

    [Fact]
    public void Dispose_LastSlotOfAPool_LeavesNothing()
    {
        var one = Add(1);
        var two = Add(2);
        one.Put(Sample(1));

        one.Dispose();
        one.Dispose();
        Assert.Equal(1, _batcher.OutboxCount);
        two.Dispose();
        one.Put(Sample(2));
        _time.Advance(Tick);

        Assert.Equal(0, _batcher.OutboxCount);
        Assert.Empty(_pool.Reports);
        using var again = Add(3);
        Report(again, Sample(5));
        Assert.Equal([3], Assert.Single(_pool.Reports).Slots);
    }

    [Fact]
    public void MoveTo_OtherSlot_ReportsWhatIsKnownUnderIt()
    {
        var relay = new SampleRelay(Add(1), Metrics());
        relay.OnSample(Sample(5, new LoraState(["sql"], [], 4)));
        _time.Advance(Tick);

        relay.MoveTo(Add(9));
        _time.Advance(Tick);

        var batch = _pool.Reports.Last();
        Assert.Equal([9], batch.Slots);
        Assert.Equal([5], batch.Load.Queued);
        Assert.Equal([(int)(2 * Tick).TotalMilliseconds], batch.Load.AgeMs);
        Assert.Single(batch.Lora);
    }

    private void Report(ReportSlot slot, in ScrapeSample sample)
    {
        slot.Put(sample);
        _time.Advance(Tick);
    }

    /// <summary>The same sample every 50 ms.</summary>
    private void Repeat(ReportSlot slot, in ScrapeSample sample, int times)
    {
        for (var i = 0; i < times; i++)
        {
            slot.Put(sample);
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    private ReportSlot Add(int slot) =>
        _batcher.Add(new ModelServerAssignment { Pool = "ns/p", Epoch = _epoch, Slot = slot, Server = Server($"s{slot}") });

    private ScrapeSample Sample(int queued, LoraState? lora = null, CacheConfig cache = default) =>
        new(queued, 1, 0.5, lora ?? LoraState.None, cache, _time.GetTimestamp(), ScrapeHealth.Healthy);
}
