namespace Orleans.Inference.Picking.Configuration;

/// <summary>A policy of flow control that a configuration chooses, with its parameters.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Parameters">Its parameters' record.</param>
public sealed record FlowControlPolicy(string Type, object Parameters);
