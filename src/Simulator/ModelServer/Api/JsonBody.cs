using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>Reads request bodies.</summary>
internal static class JsonBody
{
    /// <summary>The body, or why it is refused.</summary>
    public static async ValueTask<(T? Body, ApiError? Error)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var mediaType = context.Request.ContentType?.Split(';')[0].Trim();
        if (!string.Equals(mediaType, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            return (null, ApiError.Invalid("Unsupported Media Type: Only 'application/json' is allowed"));
        }

        try
        {
            var body = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
            return body is null ? (null, ApiError.Invalid("Input should be a valid dictionary or object")) : (body, null);
        }
        catch (JsonException e)
        {
            return (null, ApiError.Invalid(
                $"JSON decode error: the body is not JSON of the right shape at {e.Path ?? "$"}, line {e.LineNumber}, byte {e.BytePositionInLine}"));
        }
    }
}
