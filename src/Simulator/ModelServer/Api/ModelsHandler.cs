using System.Text.Json;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>The list of models, and the adapters' coming and going.</summary>
internal static class ModelsHandler
{
    public static async Task ListAsync(HttpContext context, SimulatedServer server)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            Write(json, server, server.Options.Model, parent: null);
            foreach (var adapter in server.Adapters)
            {
                Write(json, server, adapter, server.Options.Model);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public static async Task LoadAsync(HttpContext context, SimulatedServer server)
    {
        var (body, error) = await JsonBody.ReadAsync(context, ApiJson.Default.AdapterBody);
        error ??= body switch
        {
            { LoraName.Length: > 0, LoraPath.Length: > 0 } when server.Lora is not null => null,
            { LoraName.Length: > 0, LoraPath.Length: > 0 } => ApiError.BadRequest("This server has no LoRA support; start it with --lora."),
            _ => ApiError.BadRequest("Both 'lora_name' and 'lora_path' must be provided."),
        };
        if (error is null && !server.AddAdapter(body!.LoraName!))
        {
            error = ApiError.BadRequest($"The lora adapter '{body.LoraName}' has already been loaded.");
        }

        await (error?.WriteAsync(context) ?? context.Response.WriteAsync($"Success: LoRA adapter '{body!.LoraName}' added successfully."));
    }

    public static async Task UnloadAsync(HttpContext context, SimulatedServer server)
    {
        var (body, error) = await JsonBody.ReadAsync(context, ApiJson.Default.AdapterBody);
        if (error is null && !server.RemoveAdapter(body!.LoraName ?? ""))
        {
            error = new ApiError(404, "NotFoundError", $"The lora adapter '{body.LoraName}' cannot be found.");
        }

        await (error?.WriteAsync(context) ?? context.Response.WriteAsync($"Success: LoRA adapter '{body!.LoraName}' removed successfully."));
    }

    private static void Write(Utf8JsonWriter json, SimulatedServer server, string name, string? parent)
    {
        json.WriteStartObject();
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteNumber("created", server.Started.ToUnixTimeSeconds());
        json.WriteString("owned_by", "vllm");
        json.WriteString("root", name);
        json.WriteString("parent", parent);
        json.WriteNumber("max_model_len", server.Options.Engine.MaxModelLength);
        json.WriteEndObject();
    }
}
