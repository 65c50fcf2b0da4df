using System.Collections.Concurrent;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Grains.Tests.Fakes;

/// <summary>A pool that takes reports.</summary>
public sealed class FakePoolGrain : IPoolGrain
{
    public ConcurrentQueue<ReportBatch> Reports { get; } = [];

    /// <summary>What <see cref="Report"/> gives.</summary>
    public Func<ReportBatch, Task<ReportReply>> OnReport { get; set; } = _ => Task.FromResult(ReportReply.AllWanted);

    public Task<ReportReply> Report(ReportBatch batch)
    {
        Reports.Enqueue(batch);
        return OnReport(batch);
    }

    public Task SetMembership(PoolMembership membership) => throw new NotSupportedException();

    public Task<bool> ConfirmMembership(long revision) => throw new NotSupportedException();

    public Task Delete() => throw new NotSupportedException();

    public Task<PoolSubscription> Subscribe(string gatewayId, IPoolObserver observer, Guid knownEpoch, long knownVersion) => throw new NotSupportedException();

    public Task Unsubscribe(string gatewayId) => throw new NotSupportedException();

    public Task<PoolSnapshot?> GetSnapshot() => throw new NotSupportedException();
}
