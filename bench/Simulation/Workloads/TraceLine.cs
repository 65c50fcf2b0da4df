using System.Text.Json.Serialization;

namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>One request of a trace, one JSON object a line.</summary>
/// <param name="Timestamp">Arrival in milliseconds from the beginning.</param>
/// <param name="InputLength">Prompt tokens.</param>
/// <param name="OutputLength">Answer tokens.</param>
/// <param name="HashIds">The prompt in blocks of 512 tokens: equal ids are equal content.</param>
internal sealed record TraceLine(
    [property: JsonPropertyName("timestamp")] double Timestamp,
    [property: JsonPropertyName("input_length")] int InputLength,
    [property: JsonPropertyName("output_length")] int OutputLength,
    [property: JsonPropertyName("hash_ids")] IReadOnlyList<long> HashIds);
