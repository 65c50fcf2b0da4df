namespace Orleans.Inference.Picking.Tests;

/// <summary>Headers that a test writes down.</summary>
internal sealed class FixedHeaders(params (string Name, string Value)[] headers) : IRequestHeaders
{
    public bool TryGet(string name, out string value)
    {
        value = headers.LastOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
        return headers.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
