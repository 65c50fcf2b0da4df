namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>A body that came in pieces.</summary>
/// <param name="Length">Its length.</param>
/// <param name="Pieces">How many pieces.</param>
/// <param name="Largest">Length of the largest one.</param>
/// <param name="Hash">SHA-256 of the whole.</param>
internal sealed record StreamedBody(int Length, int Pieces, int Largest, string Hash);
