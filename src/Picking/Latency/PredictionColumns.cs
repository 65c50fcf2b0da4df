using System.Numerics;
using System.Runtime.InteropServices;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Latency;

/// <summary>The predictions of one thread's decisions; grown to the largest pool seen, so that a decision allocates nothing.</summary>
/// <remarks>Not safe for two decisions at once.</remarks>
public sealed class PredictionColumns
{
    private float[] _ttft = [];
    private float[] _tpot = [];

    /// <summary>Predicts for all servers of the view: about a dozen multiplications each, eight servers at a time.</summary>
    /// <returns>Whether there was anything to predict by.</returns>
    internal bool Fill(scoped in PickContext context, LatencyWeights weights, out ReadOnlySpan<float> ttft, out ReadOnlySpan<float> tpot)
    {
        var count = context.View.Count;
        ttft = tpot = default;
        var firstToken = weights.Ttft(context.Request.Streaming);
        if (firstToken.IsEmpty || count == 0)
        {
            return false;
        }

        if (_ttft.Length < count)
        {
            _ttft = new float[(int)BitOperations.RoundUpToPowerOf2((uint)count)];
            _tpot = new float[_ttft.Length];
        }

        Fill(context, firstToken, _ttft.AsSpan(0, count));
        if (context.Request.Streaming && !weights.Tpot.IsEmpty)
        {
            Fill(context, weights.Tpot, _tpot.AsSpan(0, count));
        }
        else
        {
            _tpot.AsSpan(0, count).Clear();
        }

        ttft = _ttft.AsSpan(0, count);
        tpot = _tpot.AsSpan(0, count);
        return true;
    }

    private static void Fill(in PickContext context, ReadOnlySpan<float> weights, Span<float> times)
    {
        var input = LatencyFeatures.InputOf(context.Request);

        // 1. For a server that holds nothing of the prompt, all that the request itself adds is the same.
        var perUncached = weights[LatencyFeatures.Uncached] + (weights[LatencyFeatures.UncachedInput] * input);
        var perUncachedRunning = weights[LatencyFeatures.UncachedRunning] * LatencyFeatures.PerTens;
        var line = new Line
        {
            Constant = weights[LatencyFeatures.Constant] + (weights[LatencyFeatures.Input] * input)
                + (weights[LatencyFeatures.Output] * LatencyFeatures.OutputOf(context.Request)) + (perUncached * input),
            KvUsage = weights[LatencyFeatures.KvUsage],
            KvShortage = weights[LatencyFeatures.KvShortage] * LatencyFeatures.PerShortage,
            Waiting = weights[LatencyFeatures.Waiting] * LatencyFeatures.PerTens,
            Running = (weights[LatencyFeatures.Running] * LatencyFeatures.PerTens) + (perUncachedRunning * input),
            Requests = weights[LatencyFeatures.Requests] * LatencyFeatures.PerTens,
            Tokens = weights[LatencyFeatures.Tokens] * LatencyFeatures.PerThousands,
        };
        line.Fill(context, times);

        // 2. What a server holds is not computed again.
        var match = context.Prefix;
        if (match.Servers.IsEmpty || (perUncached == 0 && perUncachedRunning == 0))
        {
            return;
        }

        var numbers = context.View.Numbers;
        var running = context.Running;
        for (var i = 0; i < times.Length; i++)
        {
            if (match.Blocks(numbers[i]) is > 0 and var blocks)
            {
                var matched = Math.Min(input, (float)((long)blocks * match.BlockTokens) * LatencyFeatures.PerThousands);
                times[i] = Math.Max(0, times[i] - (matched * (perUncached + (perUncachedRunning * running[i]))));
            }
        }
    }

    /// <summary>What each figure of a server adds, per unit.</summary>
    private readonly ref struct Line
    {
        public float Constant { get; init; }

        public float KvUsage { get; init; }

        public float KvShortage { get; init; }

        public float Waiting { get; init; }

        public float Running { get; init; }

        public float Requests { get; init; }

        public float Tokens { get; init; }

        public void Fill(in PickContext context, Span<float> times)
        {
            AddLoad(context.KvUsage, context.Queued, context.Running, times);
            if (!context.InFlight.Requests.IsEmpty && Requests != 0)
            {
                AddRequests(context.InFlight.Requests, times);
            }

            if (!context.InFlight.Tokens.IsEmpty && Tokens != 0)
            {
                AddTokens(context.InFlight.Tokens, times);
            }
        }

        private void AddLoad(ReadOnlySpan<double> kvUsage, ReadOnlySpan<int> queued, ReadOnlySpan<int> running, Span<float> times)
        {
            var width = Vector<float>.Count;
            var whole = times.Length - (times.Length % width);
            var most = new Vector<float>(LatencyFeatures.MostKvUsage);
            for (var i = 0; i < whole; i += width)
            {
                var kv = Vector.Narrow(new Vector<double>(kvUsage[i..]), new Vector<double>(kvUsage[(i + (width / 2))..]));

                // Not a number equals nothing, not even itself.
                kv = Vector.ConditionalSelect(Vector.Equals(kv, kv), Vector.Min(Vector.Max(kv, Vector<float>.Zero), most), Vector<float>.Zero);
                var shortage = Vector.Max(kv - new Vector<float>(LatencyFeatures.ShortageFrom), Vector<float>.Zero);
                var sum = new Vector<float>(Constant)
                    + (kv * KvUsage)
                    + (shortage * KvShortage)
                    + (Vector.ConvertToSingle(new Vector<int>(queued[i..])) * Waiting)
                    + (Vector.ConvertToSingle(new Vector<int>(running[i..])) * Running);
                sum.CopyTo(times[i..]);
            }

            for (var i = whole; i < times.Length; i++)
            {
                var kv = (float)kvUsage[i];
                kv = float.IsNaN(kv) ? 0 : Math.Clamp(kv, 0, LatencyFeatures.MostKvUsage);
                times[i] = Constant + (kv * KvUsage) + (Math.Max(0, kv - LatencyFeatures.ShortageFrom) * KvShortage) + (queued[i] * Waiting) + (running[i] * Running);
            }
        }

        private void AddRequests(ReadOnlySpan<int> requests, Span<float> times)
        {
            var whole = times.Length - (times.Length % Vector<float>.Count);
            foreach (ref var group in MemoryMarshal.Cast<float, Vector<float>>(times[..whole]))
            {
                group += Vector.ConvertToSingle(new Vector<int>(requests)) * Requests;
                requests = requests[Vector<float>.Count..];
            }

            for (var i = 0; i < requests.Length; i++)
            {
                times[whole + i] += requests[i] * Requests;
            }
        }

        private void AddTokens(ReadOnlySpan<long> tokens, Span<float> times)
        {
            for (var i = 0; i < times.Length; i++)
            {
                times[i] += tokens[i] * Tokens;
            }
        }
    }
}
