using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.ExtProcGateway.Reporting;

/// <summary>Works out a part of an expression; truth values are 1 and 0.</summary>
internal delegate double UsageEvaluator(in TokenUsage usage);
