namespace Orleans.Inference.Picking.Latency;

/// <summary>How well a pool's latencies are predicted.</summary>
/// <param name="Samples">Answers that were learned from.</param>
/// <param name="Rejected">Answers that were not: their figures made no sense, or too many came at once.</param>
/// <param name="TtftError">Mean absolute relative error of the time to the first token of streams: 0.1 for 10 %; NaN before there are predictions.</param>
/// <param name="TpotError">That of the time for each token after it.</param>
/// <param name="WholeError">That of the time to answers that come in one piece.</param>
public sealed record PredictorFigures(long Samples, long Rejected, double TtftError, double TpotError, double WholeError);
