using System.Collections.Concurrent;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Grains.Tests.Fakes;

/// <summary>A pool that takes reports.</summary>
public sealed class FakePoolGrain
{
    public ConcurrentQueue<ReportBatch> Reports { get; } = [];

    /// <summary>What <see cref="Report"/> gives.</summary>
    public Func<ReportBatch, Task<ReportReply>> OnReport { get; set; } = _ => Task.FromResult(ReportReply.AllWanted);

    public Task<ReportReply> Report(ReportBatch batch)
    {
        Reports.Enqueue(batch);
        return OnReport(batch);
    }
}
