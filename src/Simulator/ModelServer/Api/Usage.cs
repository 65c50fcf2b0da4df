namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>The <c>usage</c> of an answer.</summary>
internal readonly record struct Usage(int PromptTokens, int CompletionTokens, int CachedTokens);
