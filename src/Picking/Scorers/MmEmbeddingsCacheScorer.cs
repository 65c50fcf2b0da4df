using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>mm-embeddings-cache-scorer</c>: tokens of the request's pictures, videos and sounds that the server has encoded / tokens of all of them; 0 for all where the request has none.</summary>
public sealed class MmEmbeddingsCacheScorer : IScorer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<MmEmbeddingsCacheScorer, MmEmbeddingsCacheScorerParameters>("mm-embeddings-cache-scorer", Create) with
    {
        Summary = "Prefers servers that got the request's pictures, videos and sounds before, and so have them encoded.",
        Formula = "tokens of the request's items that the server got before / tokens of all its items, each item once; 0 where the request has none. Tokens as they are estimated for the prompt: "
            + "225 for a picture, 4500 for a video, a quarter of its characters for a sound",
        Consumes = PluginData.MultiModalMatch,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var match = context.Media;
        if (match.Servers.IsEmpty)
        {
            scores.Clear();
            return;
        }

        var numbers = context.View.Numbers;
        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = (double)match.Blocks(numbers[candidates[i]]) / match.TotalBlocks;
        }
    }

    private static MmEmbeddingsCacheScorer Create(MmEmbeddingsCacheScorerParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.ProducerName);
        return new();
    }
}
