using Orleans.Inference.ExtProcGateway.Responses;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Latency;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>What one call teaches its pool's predictor of latencies, once its answer has ended.</summary>
/// <remarks>An object of its own, because only configurations that predict latencies have one for each call.</remarks>
/// <param name="predictor">The pool's.</param>
/// <param name="features">Of the picked server, as it was picked.</param>
/// <param name="streaming">The request asked for a stream.</param>
/// <param name="pickedAt">Timestamp of the decision: what was before it is not the model server's.</param>
internal sealed class LatencyMeasure(LatencyPredictor predictor, LatencyFeatures features, bool streaming, long pickedAt)
{
    /// <summary>Hands the sample over, where the answer came as it was asked for.</summary>
    /// <param name="streamed">The answer came as a stream.</param>
    /// <param name="firstPieceAt">Timestamp of the first bytes of the answer.</param>
    /// <param name="lastPieceAt">Timestamp of its last bytes.</param>
    public void Completed(TimeProvider time, bool streamed, long firstPieceAt, long lastPieceAt, in UsageReader reader)
    {
        if (streamed != streaming)
        {
            return;
        }

        // Without usage each event counts as a token, but for the one that says that there are no more.
        var tokens = reader.Usage.Completion > 0 ? reader.Usage.Completion : reader.StreamedEvents - 1;
        predictor.Observe(new LatencySample
        {
            Features = features,
            Streamed = streamed,
            Ttft = time.GetElapsedTime(pickedAt, firstPieceAt).TotalMilliseconds,
            Tpot = tokens > 1 ? time.GetElapsedTime(firstPieceAt, lastPieceAt).TotalMilliseconds / (tokens - 1) : double.NaN,
            At = time.GetMilliseconds(),
        });
    }
}
