namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>Answer of <c>/version</c>.</summary>
internal sealed record VersionBody(string Version);
