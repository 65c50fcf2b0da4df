using System.Text.Json;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>What completions and chat completions don't have in common.</summary>
internal interface IAnswerFormat
{
    /// <summary>Begins an answer's id.</summary>
    string IdPrefix { get; }

    /// <summary><c>object</c> of a whole answer.</summary>
    string WholeObject { get; }

    /// <summary><c>object</c> of a chunk of a streamed answer.</summary>
    string ChunkObject { get; }

    /// <summary>Whether a streamed answer begins with a chunk without text.</summary>
    bool BeginsWithRole { get; }

    /// <summary>Most tokens where the request names no limit; null: what the model allows.</summary>
    int? DefaultLimit { get; }

    /// <summary>Reads the prompts; the result is null, and <paramref name="error"/> set, where they have the wrong shape.</summary>
    List<int[]>? ReadPrompts(GenerationBody body, out ApiError? error);

    /// <summary>The text within a choice of a whole answer.</summary>
    void WriteText(Utf8JsonWriter json, string text);

    /// <summary>The text within a choice of a chunk.</summary>
    void WriteDelta(Utf8JsonWriter json, string text, bool isRole);
}
