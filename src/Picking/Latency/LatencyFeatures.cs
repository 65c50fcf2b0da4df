using System.Runtime.CompilerServices;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Latency;

/// <summary>What a prediction of latency goes by, for one request on one server: twelve numbers at or above 0, scaled so that usual values are about 1.</summary>
/// <remarks>
/// The reference picker's features, as far as they are known when the decision is made, and the products that a prefill's time is made of. None can make a request faster, so that
/// a model with weights at or above 0 never prefers the server with more load.
/// </remarks>
[InlineArray(Count)]
public struct LatencyFeatures
{
    /// <summary>How many they are.</summary>
    public const int Count = 12;

    /// <summary>Always 1.</summary>
    internal const int Constant = 0;

    /// <summary>KV usage, 1 for a full cache.</summary>
    internal const int KvUsage = 1;

    /// <summary>KV usage above nine tenths, 1 for a full cache: from about there on requests wait for blocks.</summary>
    internal const int KvShortage = 2;

    /// <summary>Requests waiting, in tens.</summary>
    internal const int Waiting = 3;

    /// <summary>Requests running, in tens.</summary>
    internal const int Running = 4;

    /// <summary>Requests in flight from this process, in tens.</summary>
    internal const int Requests = 5;

    /// <summary>Prompt tokens in flight from this process that no answer has begun for, in thousands.</summary>
    internal const int Tokens = 6;

    /// <summary>Tokens of the prompt, in thousands.</summary>
    internal const int Input = 7;

    /// <summary>Tokens of the prompt that the server does not hold, in thousands: the prefix score's part.</summary>
    internal const int Uncached = 8;

    /// <summary>Uncached · running: steps of a prefill are as long as the batch beside it makes them.</summary>
    internal const int UncachedRunning = 9;

    /// <summary>Uncached · input: attention looks back from each computed token.</summary>
    internal const int UncachedInput = 10;

    /// <summary>Most tokens of the answer, in thousands, where it comes in one piece; a stream's first token does not wait for the others.</summary>
    internal const int Output = 11;

    internal const float PerTens = 0.1f;
    internal const float PerThousands = 0.001f;
    internal const float ShortageFrom = 0.9f;
    internal const float PerShortage = 10f;

    /// <summary>KV usage above this makes no difference: it is an estimate that counts what waits.</summary>
    internal const float MostKvUsage = 4f;

    private float _first;

    /// <summary>The features of the request of a decision on one of its servers.</summary>
    /// <param name="server">Index in the view.</param>
    public static LatencyFeatures Of(in PickContext context, int server)
    {
        var features = default(LatencyFeatures);
        var kv = (float)context.KvUsage[server];
        kv = float.IsNaN(kv) ? 0 : Math.Clamp(kv, 0, MostKvUsage);
        var input = InputOf(context.Request);
        var matched = (float)((long)context.Prefix.Blocks(context.View.Numbers[server]) * context.Prefix.BlockTokens) * PerThousands;
        var uncached = Math.Max(0, input - matched);
        var running = context.Running[server] * PerTens;
        features[Constant] = 1;
        features[KvUsage] = kv;
        features[KvShortage] = Math.Max(0, kv - ShortageFrom) * PerShortage;
        features[Waiting] = context.Queued[server] * PerTens;
        features[Running] = running;
        features[Requests] = context.InFlight.Requests.IsEmpty ? 0 : context.InFlight.Requests[server] * PerTens;
        features[Tokens] = context.InFlight.Tokens.IsEmpty ? 0 : context.InFlight.Tokens[server] * PerThousands;
        features[Input] = input;
        features[Uncached] = uncached;
        features[UncachedRunning] = uncached * running;
        features[UncachedInput] = uncached * input;
        features[Output] = OutputOf(context.Request);
        return features;
    }

    /// <summary>Tokens of the prompt, in thousands: counted, or as the size of the body tells.</summary>
    internal static float InputOf(InferenceRequest request) => request.EstimatedPromptTokens * PerThousands;

    internal static float OutputOf(InferenceRequest request) => request.Streaming ? 0 : request.MaxOutputTokens * PerThousands;

    /// <summary>Whether all are numbers at or above 0 that sums can hold.</summary>
    internal readonly bool AreUsable()
    {
        foreach (var value in (ReadOnlySpan<float>)this)
        {
            if (!(value >= 0) || value > 1e9f)
            {
                return false;
            }
        }

        return true;
    }
}
