namespace Orleans.Inference.ExtProcGateway.Rendering;

/// <summary>Who makes tokens of text.</summary>
/// <param name="Url">A vLLM server, without a slash at its end.</param>
/// <param name="Model">The model that it is asked for.</param>
/// <param name="Timeout">How long a request waits.</param>
internal sealed record RenderOptions(string Url, string Model, TimeSpan Timeout);
