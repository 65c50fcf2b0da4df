namespace Orleans.Inference.Bench.Load.Client;

/// <summary>What the connections of a run do.</summary>
/// <param name="From">Time stamp from which exchanges and chunks are measured.</param>
/// <param name="Until">Time stamp from which they no longer are, and none is opened.</param>
/// <param name="ClosedLoop">Each exchange that ends is followed by another.</param>
/// <param name="Chunks">Chunks of a streamed response; 0 for a response that is no stream.</param>
/// <param name="AtOnce">All chunks of a response are sent at once; else each when the one before has been answered.</param>
/// <param name="Held">The responses wait for <see cref="LoadConnection.Respond"/>.</param>
internal sealed record LoadPlan(long From, long Until, bool ClosedLoop, int Chunks, bool AtOnce, bool Held)
{
    public bool Measures(long timestamp) => timestamp >= From && timestamp < Until;
}
