using Orleans.Inference.Picking;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Bench.Simulation.Runs;

/// <summary>One model server: its engine, and the figures of it that were scraped last.</summary>
internal sealed class SimulatedServer(EngineOptions options, IEngineListener listener)
{
    private EngineFigures _scraped = EngineFigures.Idle;

    public BatchEngine Engine { get; } = new(options, listener);

    /// <summary>Requests in flight here.</summary>
    public int InFlight { get; set; }

    public int Queued => _scraped.Waiting;

    public int Running => _scraped.Running;

    public double KvUsage => _scraped.KvUsage;

    public long ScrapedAt { get; private set; } = PoolView.NeverSampled;

    public LoraState Lora { get; private set; } = LoraState.None;

    /// <summary>What a scrape of the metrics page brings.</summary>
    public void Scrape(TimeSpan now)
    {
        ScrapedAt = (long)now.TotalMilliseconds;
        var figures = Engine.Reported;
        if (figures == _scraped)
        {
            return;
        }

        if (!figures.RunningAdapters.SequenceEqual(_scraped.RunningAdapters) || !figures.WaitingAdapters.SequenceEqual(_scraped.WaitingAdapters))
        {
            Lora = new LoraState([.. figures.RunningAdapters], [.. figures.WaitingAdapters.Except(figures.RunningAdapters)], options.AdapterSlots);
        }

        _scraped = figures;
    }
}
