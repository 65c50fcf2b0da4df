using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>What all ext_proc calls share.</summary>
internal sealed record ExtProcServices(Director Director, RequestRoutes Routes, GatewayOptions Options, GatewayMetrics Metrics, ILogger<ExtProcService> Log);
