namespace Orleans.Inference.Picking.Configuration;

/// <summary>The parameters of a plugin that takes none.</summary>
public sealed record NoParameters;
