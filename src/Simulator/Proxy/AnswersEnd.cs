using Envoy.Service.ExtProc.V3;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>How a picker's answers to one request ended.</summary>
/// <param name="Failure">What went wrong, where something did.</param>
internal sealed record AnswersEnd(AnswersEndKind Kind, ImmediateResponse? Immediate = null, string? Failure = null);
