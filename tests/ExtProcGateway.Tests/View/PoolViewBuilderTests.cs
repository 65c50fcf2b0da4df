using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Pools;
using Orleans.Inference.Picking;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

public sealed class PoolViewBuilderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Apply_AnySequenceOfChanges_EqualsTheSnapshot(int seed)
    {
        var pool = new RandomPool(seed);
        var byFrames = new PoolViewBuilder("ns/p", new PoolMemory());
        byFrames.Apply(pool.Table.Snapshot(pool.Now), pool.Now);

        for (var step = 0; step < 300; step++)
        {
            pool.Change();
            if (pool.Table.IsDirty)
            {
                Assert.Equal(FrameOutcome.Applied, byFrames.Apply(pool.Table.TakeFrame(pool.Now), pool.Now));
            }

            var bySnapshot = new PoolViewBuilder("ns/p", new PoolMemory());
            bySnapshot.Apply(pool.Table.Snapshot(pool.Now), pool.Now);
            Assert.Equal(Views.Describe(bySnapshot.View!), Views.Describe(byFrames.View!));
            Assert.Equal(Views.Describe(bySnapshot.Policies), Views.Describe(byFrames.Policies));
            Assert.Equal((bySnapshot.Epoch, bySnapshot.Version, bySnapshot.Sequence), (byFrames.Epoch, byFrames.Version, byFrames.Sequence));
        }

        Assert.True(pool.Seen.SetEquals(Enum.GetValues<MembershipOpKind>()), "each kind of change happened");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Apply_FramesLost_AreNoticedAndASnapshotHeals(int seed)
    {
        var pool = new RandomPool(seed);
        var chance = new Random(seed);
        var view = new PoolViewBuilder("ns/p", new PoolMemory());
        view.Apply(pool.Table.Snapshot(pool.Now), pool.Now);
        var gaps = 0;
        for (var step = 0; step < 300; step++)
        {
            pool.Change();
            var frame = pool.Table.TakeFrame(pool.Now);
            if (chance.Next(5) == 0)
            {
                continue;
            }

            if (view.Apply(frame, pool.Now) == FrameOutcome.Gap)
            {
                gaps++;
                view.Apply(pool.Table.Snapshot(pool.Now), pool.Now);
            }

            Assert.Equal(pool.Table.Servers.ToArray().Select(server => server.Address), view.View!.Servers.ToArray().Select(server => server.Address));
            Assert.Equal(pool.Table.Version, view.Version);
        }

        Assert.NotEqual(0, gaps);
    }

    [Fact]
    public void Apply_LoadFrameLost_IsNoGap()
    {
        var (table, builder) = Pair(Server("a"));
        table.Apply(Batch(table.Epoch, (0, 1)), 100);
        table.TakeFrame(100);
        table.Apply(Batch(table.Epoch, (0, 2)), 200);

        Assert.Equal(FrameOutcome.Applied, builder.Apply(table.TakeFrame(200), 200));
        Assert.Equal(2, builder.View!.Queued[0]);
    }

    [Fact]
    public void Apply_LateFrame_ChangesNothing()
    {
        var (table, builder) = Pair(Server("a"));
        table.Apply(Batch(table.Epoch, (0, 1)), 100);
        var late = table.TakeFrame(100);
        table.Apply(Batch(table.Epoch, (0, 2)), 200);
        builder.Apply(table.TakeFrame(200), 200);

        Assert.Equal(FrameOutcome.Late, builder.Apply(late, 300));
        Assert.Equal(2, builder.View!.Queued[0]);
    }

    [Fact]
    public void Apply_FrameOfAnotherActivation_IsAGap()
    {
        var (_, builder) = Pair(Server("a"));
        var other = Table(Server("a"));

        Assert.Equal(FrameOutcome.Gap, builder.Apply(other.TakeFrame(0), 0));
    }

    [Fact]
    public void Apply_LoadFrame_SharesAllElseWithTheViewBeforeAndTakesTheFramesArrays()
    {
        var (table, builder) = Pair(Server("a"), Server("b"));
        var before = builder.View!;
        table.Apply(Batch(table.Epoch, (0, 1), (1, 2)), 1000);
        var frame = table.TakeFrame(1000);

        builder.Apply(frame, 7000);

        var after = builder.View!;
        Assert.True(before.Servers == after.Servers);
        Assert.True(before.Lora == after.Lora);
        Assert.True(before.Cache == after.Cache);
        Assert.True(after.Queued == (ReadOnlySpan<int>)frame.Load.Queued);
        Assert.True(after.KvUsage == (ReadOnlySpan<double>)frame.Load.KvUsage);
        Assert.Equal([6995L, 6995L], after.SampledAt.ToArray());
        Assert.True(after.Version > before.Version);
    }

    [Fact]
    public void Apply_SnapshotOfANewActivation_KeepsWhatThatHasNotHeardYet()
    {
        var (table, builder) = Pair(Server("a"), Server("b"), Server("gone"));
        var batch = Batch(table.Epoch, (0, 4), (1, 5));
        table.Apply(
            new ReportBatch { Epoch = batch.Epoch, Slots = batch.Slots, Load = batch.Load, Health = batch.Health, Lora = [new(1, Lora("sql"))], Cache = [new(1, new(16, 100))] },
            1000);
        builder.Apply(table.TakeFrame(1000), 1000);
        var known = builder.View!.Servers[1];

        var moved = Table(Server("b"), Server("a"), Server("new"));
        moved.TakeFrame(1000);
        moved.Apply(Batch(moved.Epoch, (1, 9)), 1500);
        builder.Apply(moved.Snapshot(1500), 1500);
        var view = builder.View!;

        Assert.Equal([5, 9, 0], view.Queued.ToArray());
        Assert.Equal([995L, 1495L, PoolView.NeverSampled], view.SampledAt.ToArray());
        Assert.Equal(["sql"], view.Lora[0].Active.ToArray());
        Assert.Equal(new CacheConfig(16, 100), view.Cache[0]);
        Assert.Same(known, view.Servers[0]);

        // It still has not heard of "b" when the next load comes; and then "b" says that it has no adapters.
        moved.Apply(Batch(moved.Epoch, (1, 10)), 1600);
        builder.Apply(moved.TakeFrame(1600), 1600);
        Assert.Equal([5, 10, 0], builder.View!.Queued.ToArray());
        var first = Batch(moved.Epoch, (0, 1));
        moved.Apply(new ReportBatch { Epoch = first.Epoch, Slots = first.Slots, Load = first.Load, Health = first.Health, Lora = [new(0, ModelServerLora.None)] }, 1700);
        builder.Apply(moved.TakeFrame(1700), 1700);
        Assert.Equal([1, 10, 0], builder.View!.Queued.ToArray());
        Assert.Same(LoraState.None, builder.View!.Lora[0]);
    }

    [Fact]
    public void Apply_LoadOfTenThousandServers_AllocatesOneColumn()
    {
        const int count = 10_000;
        var (table, builder) = Pair([.. Enumerable.Range(0, count).Select(i => Server($"s{i}", $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}"))]);
        builder.Apply(table.TakeFrame(0), 0);
        table.Apply(Batch(table.Epoch, [.. Enumerable.Range(0, count).Select(i => (i, i))]), 1000);
        builder.Apply(table.TakeFrame(1000), 1000);
        var frames = new Queue<PoolFrame>();
        for (var i = 0; i < 20; i++)
        {
            table.Apply(Batch(table.Epoch, (5, 77)), 2000 + i);
            frames.Enqueue(table.TakeFrame(2000 + i));
        }

        var outcome = FrameOutcome.Applied;
        var allocated = AllocatedBytes.OfSteadyState(() => outcome = builder.Apply(frames.Dequeue(), 3000));

        Assert.Equal(FrameOutcome.Applied, outcome);
        Assert.Equal(77, builder.View!.Queued[5]);
        Assert.Equal(9_999, builder.View.Queued[9_999]);
        Assert.InRange(allocated, count * sizeof(long), (count * sizeof(long)) + 500);
    }

    private static (PoolTable Table, PoolViewBuilder Builder) Pair(params ModelServerSpec[] servers)
    {
        var table = Table(servers);
        table.TakeFrame(0);
        var builder = new PoolViewBuilder("ns/p", new PoolMemory());
        builder.Apply(table.Snapshot(0), 0);
        return (table, builder);
    }
}
