using System.Diagnostics;

namespace Orleans.Inference.Simulator.Engine;

/// <summary>
/// A model server's engine with continuous batching, as vLLM's: a waiting queue, a running batch, a KV cache of blocks with prefix caching, and
/// LoRA slots.
/// </summary>
/// <remarks>
/// <para>Works in steps. A step computes one token of each running sequence whose prompt is done, and prompt tokens of others up to the step's
/// budget; it takes the time that <see cref="EngineOptions"/> gives to that work. Sequences that get through their prompt in a step have their first
/// token at its end.</para>
/// <para>Pure: no clock, no threads, no I/O. All times are on one clock that the caller chooses; they must not go back. Not thread-safe.</para>
/// </remarks>
public sealed class BatchEngine
{
    private readonly EngineOptions _options;
    private readonly IEngineListener? _listener;
    private readonly BatchScheduler _scheduler;
    private TimeSpan? _stepStart;
    private TimeSpan _stepEnd;
    private bool _sawAdapters;
    private int _leftWaiting;
    private IReadOnlyList<string> _leftWaitingAdapters = [];

    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public BatchEngine(EngineOptions options, IEngineListener? listener = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        _options = options;
        _listener = listener;
        _scheduler = new BatchScheduler(options, Statistics);
    }

    /// <summary>Sizes and speeds.</summary>
    public EngineOptions Options => _options;

    /// <summary>What was counted since the start.</summary>
    public EngineStatistics Statistics { get; } = new();

    /// <summary>Requests that are not in the batch.</summary>
    public int WaitingCount => _scheduler.Waiting.Count;

    /// <summary>Sequences in the batch.</summary>
    public int RunningCount => _scheduler.Running.Count;

    /// <summary>Part of the KV cache's blocks that are in use, 0 to 1. Blocks kept for their content only don't count.</summary>
    public double KvUsage => _scheduler.Pool.Usage;

    /// <summary>Blocks whose content the prefix cache knows.</summary>
    public int CachedBlocks => _scheduler.Pool.CachedCount;

    /// <summary>LoRA adapters of the sequences in the batch, each once, in the order in which they joined.</summary>
    public IReadOnlyList<string> RunningAdapters => Adapters(_scheduler.Running);

    /// <summary>LoRA adapters of the waiting requests, each once, first come first.</summary>
    public IReadOnlyList<string> WaitingAdapters => Adapters(_scheduler.Waiting);

    /// <summary>
    /// The figures as vLLM tells them, at the end of each step only: a request is in them when the first step after its arrival has ended, which after a long prompt takes a while.
    /// </summary>
    public EngineFigures Reported { get; private set; } = EngineFigures.Idle;

    /// <summary>When <see cref="Advance"/> has something to do next; null while the engine is idle.</summary>
    public TimeSpan? NextEvent => _stepStart is null ? _scheduler.WakeAt : _stepEnd;

    /// <summary>Puts a request into the waiting queue; an idle engine begins a step with it at once.</summary>
    /// <exception cref="ArgumentException">The sequence is longer than the model allows.</exception>
    public void Submit(EngineRequest request, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if ((long)request.Prompt.Length + request.Output.Length > _options.MaxModelLength)
        {
            throw new ArgumentException("The sequence is longer than the model allows.", nameof(request));
        }

        Advance(now);
        request.Arrived = now;
        _sawAdapters |= request.Adapter is not null;
        _scheduler.Waiting.AddLast(request);
        StartStepIfIdle(now);
    }

    /// <summary>Takes a request out, wherever it is; without effect on one that has ended.</summary>
    public void Cancel(EngineRequest request, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(request);
        Advance(now);
        if (request.Finish == FinishReason.None)
        {
            _scheduler.Remove(request);
            End(request, FinishReason.Abort, now);
            StartStepIfIdle(now);
        }
    }

    /// <summary>Does everything that happens up to and including <paramref name="now"/>.</summary>
    public void Advance(TimeSpan now)
    {
        while (NextEvent is { } next && next <= now)
        {
            if (_stepStart is not null)
            {
                FinishStep(next);
            }

            StartStepIfIdle(next);
            _listener?.OnStep(this);
        }
    }

    private void StartStepIfIdle(TimeSpan now)
    {
        if (_stepStart is not null)
        {
            return;
        }

        var load = _scheduler.Schedule(now);
        if (load.Tokens > 0)
        {
            _stepStart = now;
            _stepEnd = now + Duration(load);
            _leftWaiting = WaitingCount;
            _leftWaitingAdapters = WaitingAdapters;
            Statistics.IterationTokens.Observe(load.Tokens);
        }
    }

    private TimeSpan Duration(StepLoad load)
    {
        var seconds = load.PrefillTokens / _options.PrefillTokensPerSecond;
        if (load.DecodingSequences > 0)
        {
            seconds += (_options.DecodeStep + ((load.DecodingSequences - 1) * _options.DecodePerSequence)).TotalSeconds;
        }

        // A step that takes no time at all would never let a caller's clock catch up.
        return TimeSpan.FromTicks(Math.Max(1, (long)Math.Round(seconds * TimeSpan.TicksPerSecond)));
    }

    private void FinishStep(TimeSpan at)
    {
        _stepStart = null;
        foreach (var request in _scheduler.TakeScheduled())
        {
            // Cancelled during the step.
            if (request.Finish != FinishReason.None)
            {
                continue;
            }

            _scheduler.Computed(request);
            if (request.Computed < request.Known)
            {
                continue;
            }

            AddToken(request, at);
            if (request.Generated == request.Output.Length)
            {
                _scheduler.Remove(request);
                End(request, request.Ending, at);
            }
            else
            {
                _listener?.OnProgress(request, at);
            }
        }

        Reported = new EngineFigures(_leftWaiting, RunningCount, KvUsage, RunningAdapters, _leftWaitingAdapters);
    }

    private void AddToken(EngineRequest request, TimeSpan at)
    {
        Debug.Assert(request.Generated < request.Output.Length);
        request.Generated++;
        Statistics.GenerationTokens++;
        if (request.FirstToken is null)
        {
            request.FirstToken = at;
            Statistics.PromptTokens += request.Prompt.Length;
            Statistics.TimeToFirstToken.Observe((at - request.Arrived).TotalSeconds);
        }
        else
        {
            Statistics.InterTokenLatency.Observe((at - request.LastToken.GetValueOrDefault()).TotalSeconds);
        }

        request.LastToken = at;
    }

    private void End(EngineRequest request, FinishReason reason, TimeSpan at)
    {
        request.Finish = reason;
        Statistics.Ended(request, at);
        _listener?.OnProgress(request, at);
    }

    private List<string> Adapters(IEnumerable<EngineRequest> requests)
    {
        // Asked for at every step: no walk through a long queue where there is nothing to find.
        if (!_sawAdapters)
        {
            return [];
        }

        var adapters = new List<string>();
        foreach (var request in requests)
        {
            if (request.Adapter is { } adapter && !adapters.Contains(adapter))
            {
                adapters.Add(adapter);
            }
        }

        return adapters;
    }
}
