using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>Makes a <see cref="Generation"/> of an HTTP request, or says why not.</summary>
internal static class GenerationReader
{
    // One request must not fill a server on its own; vLLM's limit is the number of sequences of a batch.
    private const int MostChoices = 256;

    public static async ValueTask<(Generation? Generation, ApiError? Error)> ReadAsync(
        HttpContext context, SimulatedServer server, IAnswerFormat format)
    {
        var (body, error) = await JsonBody.ReadAsync(context, ApiJson.Default.GenerationBody);
        if (body is null)
        {
            return (null, error);
        }

        if (!server.TryResolve(body.Model, out var model, out var adapter))
        {
            return (null, ApiError.UnknownModel(model));
        }

        List<int[]>? prompts;
        try
        {
            prompts = format.ReadPrompts(body, out error);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in an escape sequence: valid JSON, but no text.
            return (null, ApiError.Invalid("JSON decode error: a string is not valid Unicode"));
        }

        if (prompts is null)
        {
            return (null, error);
        }

        error = Check(body, prompts, server.Options.Engine.MaxModelLength);
        return error is null ? (Create(context, server, format, body, prompts, model, adapter), null) : (null, error);
    }

    private static ApiError? Check(GenerationBody body, List<int[]> prompts, int modelLength)
    {
        var given = body.MaxCompletionTokens ?? body.MaxTokens;
        if (given < 1)
        {
            return ApiError.BadRequest($"max_tokens must be at least 1, got {given}.", "max_tokens");
        }

        var choices = body.N ?? 1;
        if (choices < 1 || (long)choices * prompts.Count > MostChoices)
        {
            return ApiError.BadRequest($"n must be at least 1, and n for all prompts together at most {MostChoices}.", "n");
        }

        if (body.StreamOptions is not null && body.Stream != true)
        {
            return ApiError.Invalid("Stream options can only be defined when `stream=True`.");
        }

        foreach (var prompt in prompts)
        {
            if (prompt.Length == 0)
            {
                return ApiError.BadRequest("The prompt must not be empty.", "prompt");
            }

            if ((long)prompt.Length + (given ?? 1) > modelLength)
            {
                return ApiError.BadRequest(
                    $"This model's maximum context length is {modelLength} tokens. However, you requested {given ?? 1} output tokens and your "
                    + $"prompt contains {prompt.Length} input tokens. Please reduce the length of the input or of the output.",
                    "prompt");
            }
        }

        return null;
    }

    private static Generation Create(
        HttpContext context, SimulatedServer server, IAnswerFormat format, GenerationBody body, List<int[]> prompts, string model, string? adapter)
    {
        var streams = body.Stream == true;
        var choices = body.N ?? 1;
        var given = body.MaxCompletionTokens ?? body.MaxTokens ?? format.DefaultLimit;
        var feed = new GenerationFeed(prompts.Count * choices, streams);
        var sequences = new List<EngineRequest>(prompts.Count * choices);
        foreach (var prompt in prompts)
        {
            var room = server.Options.Engine.MaxModelLength - prompt.Length;
            for (var choice = 0; choice < choices; choice++)
            {
                sequences.Add(server.Answers.Create(
                    prompt, Math.Min(given ?? room, room), given is not null, body.IgnoreEos == true, body.MinTokens ?? 0, choice, adapter,
                    new GenerationChoice(feed, sequences.Count)));
            }
        }

        var requestId = context.Request.Headers["x-request-id"].ToString();
        return new Generation
        {
            Format = format,
            Id = format.IdPrefix + (requestId.Length > 0 ? requestId : Guid.NewGuid().ToString("N")),
            Model = model,
            Created = server.Time.GetUtcNow().ToUnixTimeSeconds(),
            Streams = streams,
            IncludeUsage = body.StreamOptions?.IncludeUsage == true,
            ContinuousUsage = body.StreamOptions?.ContinuousUsageStats == true,
            ChoicesPerPrompt = choices,
            Sequences = sequences,
            Feed = feed,
        };
    }
}
