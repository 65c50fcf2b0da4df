namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>Which of a request's sequences this is, and who waits for it.</summary>
internal sealed record GenerationChoice(GenerationFeed Feed, int Index);
