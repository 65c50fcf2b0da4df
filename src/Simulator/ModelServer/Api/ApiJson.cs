using System.Text.Json.Serialization;

namespace Orleans.Inference.Simulator.ModelServer.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GenerationBody))]
[JsonSerializable(typeof(AdapterBody))]
[JsonSerializable(typeof(VersionBody))]
internal sealed partial class ApiJson : JsonSerializerContext;
