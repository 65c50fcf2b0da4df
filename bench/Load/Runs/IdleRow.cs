namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>A picker without requests.</summary>
/// <param name="FirstCores">What it uses some seconds after its start, when what runs often is being compiled.</param>
/// <param name="LaterCores">What it uses after that.</param>
/// <param name="MiB">Resident memory at the end.</param>
internal sealed record IdleRow(int Servers, double FirstCores, double LaterCores, double MiB);
