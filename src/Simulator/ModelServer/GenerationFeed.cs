using System.Threading.Channels;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>What the engine tells a waiting HTTP request about its sequences.</summary>
/// <param name="streaming">Whether every token matters, or only the ends.</param>
internal sealed class GenerationFeed(int choices, bool streaming)
{
    private readonly Channel<GenerationEvent> _events = Channel.CreateUnbounded<GenerationEvent>(new() { SingleReader = true });
    private int _open = choices;

    /// <summary>Ends when all sequences have ended.</summary>
    public ChannelReader<GenerationEvent> Events => _events.Reader;

    public void Report(GenerationEvent progress)
    {
        var ended = progress.Finish != FinishReason.None;
        if (ended || streaming)
        {
            _events.Writer.TryWrite(progress);
        }

        if (ended && Interlocked.Decrement(ref _open) == 0)
        {
            _events.Writer.Complete();
        }
    }
}
