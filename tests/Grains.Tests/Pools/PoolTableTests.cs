using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Pools;
using Orleans.Inference.Grains.Tests.Fakes;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;

namespace Orleans.Inference.Grains.Tests.Pools;

public sealed class PoolTableTests
{
    [Fact]
    public void SetServers_ServerGone_LastTakesItsPlaceWithAllThatIsKnown()
    {
        var table = Table(Server("a"), Server("b"), Server("c"));
        table.Apply(Batch(table.Epoch, (0, 10), (1, 11), (2, 12)), 1000);
        table.TakeFrame(1000);

        table.SetServers([Server("b"), Server("c")], 1000, new NoChanges());
        var frame = table.TakeFrame(1000);

        Assert.Equal([new MembershipOp(MembershipOpKind.Remove, 0, null)], frame.Membership);
        Assert.Equal(["ns/c-rank-0", "ns/b-rank-0"], table.Servers.ToArray().Select(server => server.Id));
        Assert.Equal([12, 11], frame.Load.Queued);
        Assert.Equal([2, 1], table.Slots.ToArray());
    }

    [Fact]
    public void SetServers_SameIdElsewhere_IsAnotherServerWithNothingKnown()
    {
        var table = Table(Server("a", "10.0.0.1"));
        table.Apply(Batch(table.Epoch, (0, 10)), 1000);
        table.TakeFrame(1000);

        table.SetServers([Server("a", "10.0.0.2")], 1000, new NoChanges());
        var frame = table.TakeFrame(1000);

        Assert.Equal([MembershipOpKind.Remove, MembershipOpKind.Append], frame.Membership.Select(op => op.Kind));
        Assert.Equal([LoadFrame.NeverSampled], frame.Load.AgeMs);
        Assert.Equal([0], table.Apply(Batch(table.Epoch, (0, 99)), 1000).Unwanted);
    }

    [Fact]
    public void SetServers_OtherLabels_KeepsSlotAndLoad()
    {
        var table = Table(Server("a"));
        table.Apply(Batch(table.Epoch, (0, 10)), 1000);
        table.TakeFrame(1000);

        table.SetServers([Server("a", labels: ("role", "decode"))], 1000, new NoChanges());
        var frame = table.TakeFrame(1000);

        Assert.Equal(MembershipOpKind.Relabel, Assert.Single(frame.Membership).Kind);
        Assert.Equal([10], frame.Load.Queued);
        Assert.Same(ReportReply.AllWanted, table.Apply(Batch(table.Epoch, (0, 11)), 1000));
    }

    [Fact]
    public void SetServers_SameAgain_IsNotDirty()
    {
        var table = Table(Server("a", labels: ("x", "1")), Server("b"));
        table.TakeFrame(0);

        table.SetServers([Server("b"), Server("a", labels: ("x", "1")), Server("a", "10.9.9.9")], 0, new NoChanges());

        Assert.False(table.IsDirty);
    }

    [Fact]
    public void Apply_OtherEpoch_WantsNoneAndChangesNothing()
    {
        var table = Table(Server("a"));
        table.TakeFrame(0);

        Assert.Equal([0, 1], table.Apply(Batch(Guid.NewGuid(), (0, 5), (1, 6)), 1000).Unwanted);
        Assert.False(table.IsDirty);
    }

    [Fact]
    public void Apply_FailedScrape_KeepsFiguresWhileTheyAge()
    {
        var table = Table(Server("a"));
        table.Apply(Batch(table.Epoch, (0, 5)), 1000);

        table.Apply(Failed(table.Epoch, 0), 2000);
        var frame = table.TakeFrame(3000);

        Assert.Equal([5], frame.Load.Queued);
        Assert.Equal([2005], frame.Load.AgeMs);
        Assert.Equal([ModelServerHealth.Unreachable], table.Health.ToArray());
        Assert.Equal([2000L], table.HeardAt.ToArray());
    }

    [Fact]
    public void TakeFrame_OnlyLoad_KeepsTheVersion()
    {
        var table = Table(Server("a"));
        var first = table.TakeFrame(0);
        table.Apply(Batch(table.Epoch, (0, 5)), 1000);

        var second = table.TakeFrame(1000);

        Assert.Equal((0L, 1L), (first.FromVersion, first.ToVersion));
        Assert.Equal((1L, 1L), (second.FromVersion, second.ToVersion));
        Assert.Equal(first.Sequence + 1, second.Sequence);
        Assert.Empty(second.Membership);
        Assert.Null(second.Spec);
    }

    [Fact]
    public void TakeFrame_ServersWithoutAnyScrape_AreCountedAsUntried()
    {
        var table = Table(Server("a"), Server("b"), Server("c"));
        Assert.Equal(3, table.TakeFrame(0).Load.Untried);
        table.Apply(Batch(table.Epoch, (0, 5)), 0);
        table.Apply(Failed(table.Epoch, 1), 0);

        var frame = table.TakeFrame(0);

        Assert.Equal(1, frame.Load.Untried);
        Assert.Equal([LoadFrame.NeverSampled, LoadFrame.NeverSampled], frame.Load.AgeMs[1..]);
    }

    [Fact]
    public void TakeFrame_AdaptersOfAServerThatMoved_NameItsNewIndex()
    {
        var table = Table(Server("a"), Server("b"));
        table.TakeFrame(0);
        var batch = Batch(table.Epoch, (1, 5));
        table.Apply(new ReportBatch { Epoch = batch.Epoch, Slots = batch.Slots, Load = batch.Load, Health = batch.Health, Lora = [new LoraChange(0, Lora("sql"))] }, 0);

        table.SetServers([Server("b")], 0, new NoChanges());
        var frame = table.TakeFrame(0);

        Assert.Equal([new LoraChange(0, Lora("sql"))], frame.Lora);
    }

    [Fact]
    public void TakeFrame_PoliciesChanged_HasThemOnceAndANewVersion()
    {
        var table = Table(Server("a"));
        Assert.Null(table.TakeFrame(0).Policies);
        table.Policies = new() { Objectives = [new("chat", 5)] };

        var frame = table.TakeFrame(0);

        Assert.Equal([new NamedPriority("chat", 5)], frame.Policies!.Objectives.AsEnumerable());
        Assert.Equal((1L, 2L), (frame.FromVersion, frame.ToVersion));
        Assert.Null(table.TakeFrame(0).Policies);
        Assert.Same(frame.Policies, table.Snapshot(0).Policies);
    }

    [Fact]
    public void Policies_TheSameAgain_AreNoChange()
    {
        static PoolPolicySpec Policies() => new() { Objectives = [new("chat", 5)], Models = [new("m", 0)], Rewrites = [Rewrite("r", ["a"], ("b", 1))] };
        var table = Table(Server("a"));
        table.Policies = Policies();
        table.TakeFrame(0);

        table.Policies = Policies();
        Assert.False(table.IsDirty);

        table.Policies = Policies() with { Rewrites = [Rewrite("r", ["a"], ("b", 2))] };
        Assert.True(table.IsStructureDirty);
    }

    [Fact]
    public void Apply_SameAdaptersAgain_AreNoChange()
    {
        var table = Table(Server("a"));
        var batch = Batch(table.Epoch, (0, 5));
        var with = new ReportBatch { Epoch = batch.Epoch, Slots = batch.Slots, Load = batch.Load, Health = batch.Health, Lora = [new LoraChange(0, Lora("sql"))] };
        table.Apply(with, 0);
        table.TakeFrame(0);

        table.Apply(new ReportBatch { Epoch = batch.Epoch, Slots = batch.Slots, Load = batch.Load, Health = batch.Health, Lora = [new LoraChange(0, Lora("sql"))] }, 0);

        Assert.False(table.IsStructureDirty);
        Assert.True(table.IsDirty);
    }

    /// <summary>A server that could not be reached, and never was before.</summary>
    private static ReportBatch Failed(Guid epoch, int slot) => new()
    {
        Epoch = epoch,
        Slots = [slot],
        Load = new LoadFrame { Queued = [0], Running = [0], KvUsage = [0], AgeMs = [LoadFrame.NeverSampled] },
        Health = [ModelServerHealth.Unreachable],
    };
}
