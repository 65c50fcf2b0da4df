using Orleans.Inference.Simulator.Engine;
using Orleans.Inference.Simulator.Text;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>Makes up answers. The same prompt with the same seed gets the same answer, in whatever order requests come.</summary>
internal sealed class AnswerSource(ModelServerOptions options, int seed)
{
    /// <param name="limit">Most tokens of the answer.</param>
    /// <param name="limitGiven">Whether the request itself named a limit.</param>
    /// <param name="toTheLimit">Whether the model may not end before it (<c>ignore_eos</c>).</param>
    /// <param name="choice">Which answer to the same prompt it is.</param>
    public EngineRequest Create(int[] prompt, int limit, bool limitGiven, bool toTheLimit, int minimum, int choice, string? adapter, object tag)
    {
        var random = CreateRandom(prompt, choice);
        var natural = toTheLimit ? limit : NaturalLength(random, limit, limitGiven);
        var length = Math.Clamp(Math.Max(natural, minimum), 1, limit);
        var output = new int[length];
        for (var i = 0; i < output.Length; i++)
        {
            output[i] = Vocabulary.Token(random.Next(Vocabulary.Count));
        }

        var ending = toTheLimit || natural >= limit ? FinishReason.Length : FinishReason.Stop;
        return new EngineRequest(prompt, output, ending, adapter) { Tag = tag };
    }

    private int NaturalLength(Random random, int limit, bool limitGiven)
    {
        if (options.MeanOutputTokens > 0)
        {
            var drawn = -Math.Log(1 - random.NextDouble()) * options.MeanOutputTokens;
            return (int)Math.Min(Math.Ceiling(drawn), int.MaxValue);
        }

        return limitGiven ? limit : options.DefaultOutputTokens;
    }

    private Random CreateRandom(int[] prompt, int choice)
    {
        var hash = (uint)seed * 2654435761u;
        foreach (var token in prompt)
        {
            hash = (hash ^ (uint)token) * 16777619;
        }

        return new Random((int)(hash ^ ((uint)choice * 2246822519u)));
    }
}
