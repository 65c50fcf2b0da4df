using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>Runs a <see cref="BatchEngine"/> by a clock.</summary>
/// <remarks>Thread-safe. A timer that fires late loses nothing: the engine catches up, step by step, on its own times.</remarks>
internal sealed class EngineDriver : IEngineListener, IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly BatchEngine _engine;
    private readonly LoraGauge? _lora;
    private readonly long _start;
    private readonly ITimer _timer;

    /// <param name="lora">Told about every change of the adapters in use; null where the server has no adapters.</param>
    public EngineDriver(EngineOptions options, TimeProvider time, LoraGauge? lora)
    {
        _time = time;
        _lora = lora;
        _engine = new BatchEngine(options, this);
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((EngineDriver)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Submits sequences together; each one's <see cref="EngineRequest.Tag"/> must be a <see cref="GenerationFeed"/>'s choice.</summary>
    public void Submit(IReadOnlyList<EngineRequest> requests)
    {
        lock (_lock)
        {
            foreach (var request in requests)
            {
                _engine.Submit(request, Now);
            }

            AfterChange_NeedsLock();
        }
    }

    public void Cancel(IReadOnlyList<EngineRequest> requests)
    {
        lock (_lock)
        {
            foreach (var request in requests)
            {
                _engine.Cancel(request, Now);
            }

            AfterChange_NeedsLock();
        }
    }

    /// <summary>Reads from the engine as it is now.</summary>
    public void Read<TState>(TState state, Action<BatchEngine, TState> read)
    {
        lock (_lock)
        {
            _engine.Advance(Now);
            read(_engine, state);
            AfterChange_NeedsLock();
        }
    }

    void IEngineListener.OnProgress(EngineRequest request, TimeSpan at)
    {
        if (request.Tag is GenerationChoice choice)
        {
            choice.Feed.Report(new GenerationEvent(choice.Index, request.Generated, request.Finish));
        }
    }

    void IEngineListener.OnStep(BatchEngine engine) => _lora?.Update(engine);

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_lock)
        {
            _engine.Advance(Now);
            AfterChange_NeedsLock();
        }
    }

    private void AfterChange_NeedsLock()
    {
        _lora?.Update(_engine);

        // Timers count in milliseconds and round down: one that fires early would find nothing to do and spin.
        var due = _engine.NextEvent is { } next
            ? TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((next - Now).TotalMilliseconds)))
            : Timeout.InfiniteTimeSpan;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }
}
