using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.Tests.Engine;

/// <summary>An engine with round figures: 1,000 prompt tokens take a second, a step with one sequence 10 ms, each further sequence 1 ms; blocks of 4 tokens.</summary>
internal sealed class EngineBench
{
    public EngineBench(Func<EngineOptions, EngineOptions>? change = null)
    {
        var options = new EngineOptions
        {
            BlockSize = 4,
            BlockCount = 100,
            MaxModelLength = 400,
            MaxBatchedTokens = 100,
            MaxRunning = 8,
            PrefillTokensPerSecond = 1_000,
            DecodeStep = TimeSpan.FromMilliseconds(10),
            DecodePerSequence = TimeSpan.FromMilliseconds(1),
            AdapterSlots = 1,
            AdapterLoadTime = TimeSpan.FromMilliseconds(50),
        };
        Engine = new BatchEngine(change?.Invoke(options) ?? options, Listener);
    }

    public RecordingListener Listener { get; } = new();

    public BatchEngine Engine { get; }

    public EngineRequest Submit(double atMilliseconds, IEnumerable<int> prompt, int outputTokens, string? adapter = null)
    {
        var request = new EngineRequest(prompt.ToArray(), Enumerable.Range(1_000_000, outputTokens).ToArray(), FinishReason.Length, adapter);
        Engine.Submit(request, TimeSpan.FromMilliseconds(atMilliseconds));
        return request;
    }

    public void Advance(double toMilliseconds) => Engine.Advance(TimeSpan.FromMilliseconds(toMilliseconds));

    public void Cancel(EngineRequest request, double atMilliseconds) => Engine.Cancel(request, TimeSpan.FromMilliseconds(atMilliseconds));

    public double[] TokenTimes(EngineRequest request) => [.. Listener.Tokens.GetValueOrDefault(request) ?? []];

    public static IEnumerable<int> Tokens(int first, int count) => Enumerable.Range(first, count);
}
