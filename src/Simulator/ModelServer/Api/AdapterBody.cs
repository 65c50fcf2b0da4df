namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>Body of <c>/v1/load_lora_adapter</c> and <c>/v1/unload_lora_adapter</c>.</summary>
internal sealed record AdapterBody
{
    public string? LoraName { get; init; }

    public string? LoraPath { get; init; }
}
