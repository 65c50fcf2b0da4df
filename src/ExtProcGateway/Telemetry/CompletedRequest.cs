namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The figures of a request whose response has ended.</summary>
internal readonly record struct CompletedRequest
{
    public CompletedRequest()
    {
    }

    /// <summary>From the request's headers to the response's end, seconds.</summary>
    public required double Duration { get; init; }

    /// <summary>From the request's headers to the response body's first byte, seconds; NaN where there was none.</summary>
    public double TimeToFirstToken { get; init; } = double.NaN;

    /// <summary>True where the model server streamed its answer.</summary>
    public bool Streamed { get; init; }

    /// <summary>Bytes of the response body.</summary>
    public long ResponseBytes { get; init; }

    /// <summary>Tokens of the prompt, as the model server counted them; 0 where it told none.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of the answer, as the model server counted them; 0 where it told none.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Prompt tokens that were in the server's cache; below 0 where it told none.</summary>
    public long CachedTokens { get; init; } = -1;

    /// <summary>Number of server-sent events that carried data.</summary>
    public long StreamedEvents { get; init; }
}
