using System.Text.Json;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>The fields of a completion or chat completion request that the simulator understands; others are ignored.</summary>
internal sealed record GenerationBody
{
    public string? Model { get; init; }

    /// <summary>A text, texts, token ids, or lists of token ids.</summary>
    public JsonElement Prompt { get; init; }

    public JsonElement Messages { get; init; }

    public int? MaxTokens { get; init; }

    public int? MaxCompletionTokens { get; init; }

    public int? MinTokens { get; init; }

    public int? N { get; init; }

    public bool? IgnoreEos { get; init; }

    public bool? Stream { get; init; }

    public StreamOptionsBody? StreamOptions { get; init; }
}
