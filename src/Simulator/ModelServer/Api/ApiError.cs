using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>A refusal, as vLLM words it.</summary>
internal sealed record ApiError(int Status, string Type, string Message, string? Parameter = null)
{
    // The messages quote names in back ticks.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ApiError BadRequest(string message, string? parameter = null) => new(400, "BadRequestError", message, parameter);

    /// <summary>The body doesn't have the shape of a request: what FastAPI's validation answers.</summary>
    public static ApiError Invalid(string message) => new(400, "Bad Request", message);

    public static ApiError UnknownModel(string model) => new(404, "NotFoundError", $"The model `{model}` does not exist.", "model");

    public static ApiError UnknownPath { get; } = new(404, "NotFoundError", "Not Found");

    public static ApiError WrongMethod { get; } = new(405, "Method Not Allowed", "Method Not Allowed");

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, Readable))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", Message);
            json.WriteString("type", Type);
            json.WriteString("param", Parameter);
            json.WriteNumber("code", Status);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
