using System.Text.Json;
using Orleans.Inference.Simulator.Text;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary><c>/v1/completions</c>.</summary>
internal sealed class CompletionFormat : IAnswerFormat
{
    public string IdPrefix => "cmpl-";

    public string WholeObject => "text_completion";

    public string ChunkObject => "text_completion";

    public bool BeginsWithRole => false;

    public int? DefaultLimit => 16;

    public List<int[]>? ReadPrompts(GenerationBody body, out ApiError? error)
    {
        var prompts = new List<int[]>();
        error = Read(body.Prompt, prompts);
        if (error is null && prompts.Count == 0)
        {
            error = ApiError.BadRequest("You must pass at least one prompt.", "prompt");
        }

        return error is null ? prompts : null;
    }

    public void WriteText(Utf8JsonWriter json, string text) => json.WriteString("text", text);

    public void WriteDelta(Utf8JsonWriter json, string text, bool isRole) => json.WriteString("text", text);

    private static ApiError? Read(JsonElement prompt, List<int[]> prompts)
    {
        switch (prompt.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return ApiError.BadRequest("Either prompt or prompt_embeds must be provided and non-empty.", "prompt");
            case JsonValueKind.String:
                prompts.Add(Encode(prompt));
                return null;
            case JsonValueKind.Array when prompt.GetArrayLength() > 0 && prompt[0].ValueKind == JsonValueKind.Number:
                return AddTokens(prompt, prompts);
            case JsonValueKind.Array:
                break;
            default:
                return WrongShape();
        }

        foreach (var element in prompt.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.String)
            {
                prompts.Add(Encode(element));
            }
            else if (element.ValueKind != JsonValueKind.Array)
            {
                return WrongShape();
            }
            else if (AddTokens(element, prompts) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static ApiError? AddTokens(JsonElement array, List<int[]> prompts)
    {
        var tokens = new List<int>(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out var token))
            {
                return WrongShape();
            }

            tokens.Add(token);
        }

        prompts.Add([.. tokens]);
        return null;
    }

    private static int[] Encode(JsonElement text)
    {
        var tokens = new List<int>();
        Tokenizer.Encode(text.GetString(), tokens);
        return [.. tokens];
    }

    private static ApiError WrongShape() => ApiError.Invalid("prompt: Input should be a valid string, list of strings or list of token ids");
}
