using System.Text.Json.Serialization;

namespace Orleans.Inference.Bench.Simulation.Workloads;

[JsonSerializable(typeof(TraceLine))]
internal sealed partial class TraceJson : JsonSerializerContext;
