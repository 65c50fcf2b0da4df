namespace Orleans.Inference.Picking.Configuration;

/// <summary>A plugin of the data layer that configurations of the reference picker list, and whose work is done otherwise here, or is of no use to any plugin.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Parameters">Its parameters' record.</param>
public sealed record DataLayerPlugin(string Type, object Parameters);
