using System.Text.Json.Serialization;

namespace Orleans.Inference.Silo.Status;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PoolsReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
