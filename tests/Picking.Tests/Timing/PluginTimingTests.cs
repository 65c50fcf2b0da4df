using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Timing;

namespace Orleans.Inference.Picking.Tests.Timing;

public sealed class PluginTimingTests
{
    private static readonly Scheduler Scheduler = DefaultSchedulers.Create(TimeSpan.FromSeconds(2));

    [Fact]
    public void Pick_MeasuredRequest_TellsEachPluginOnceInOrder()
    {
        var times = new RecordedTimes();

        Pick(times, seed: 1);

        Assert.Equal(
            ["Filter fresh-filter", "Scorer queue-scorer", "Scorer kv-cache-utilization-scorer", "Scorer prefix-cache-scorer", "Scorer token-load-scorer", "Scorer active-request-scorer", "Scorer lora-affinity-scorer", "Picker max-score-picker"],
            times.Told.Select(told => $"{told.ExtensionPoint} {told.Type}"));
        Assert.All(times.Told, told => Assert.Equal(told.Type, told.Name));
        Assert.All(times.Told, told => Assert.True(told.Time >= TimeSpan.Zero));
    }

    [Fact]
    public void Pick_MeasuredOrNot_PicksTheSame()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            Assert.Equal(Pick(null, seed), Pick(new RecordedTimes(), seed));
        }
    }

    private static int[] Pick(IPluginTimes? times, int seed)
    {
        var view = new ViewBuilder().Add(queued: 4, kv: 0.1).Add(queued: 0, kv: 0.1).Add(queued: 0, kv: 0.1).Add(sampledAt: -9000).Build();
        var request = new InferenceRequest { TargetModel = "m", PluginTimes = times };
        Scheduler.Pick(new PickContext(view, request, 0, new Random(seed)), [.. Enumerable.Range(0, view.Count)], new PickScratch(), out var picks);
        return picks.ToArray();
    }

    private sealed class RecordedTimes : IPluginTimes
    {
        public List<(string ExtensionPoint, string Type, string Name, TimeSpan Time)> Told { get; } = [];

        public void Took(string extensionPoint, string type, string name, TimeSpan time) => Told.Add((extensionPoint, type, name, time));
    }
}
