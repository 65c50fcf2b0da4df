namespace Orleans.Inference.Picking.InFlight;

/// <summary>What one flow has in flight on one model server.</summary>
/// <param name="Requests">At least 1.</param>
/// <param name="Tokens">Tokens that are still to be processed.</param>
public readonly record struct FlowLoad(InFlightFlow Flow, int Requests, long Tokens);
