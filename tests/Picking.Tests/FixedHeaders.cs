using System.Text;

namespace Orleans.Inference.Picking.Tests;

/// <summary>Headers that a test writes down.</summary>
internal sealed class FixedHeaders(params (string Name, string Value)[] headers) : IRequestHeaders
{
    public bool TryGet(string name, out string value)
    {
        value = headers.LastOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
        return headers.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    public bool TryGetNext(ReadOnlySpan<byte> name, ref int position, out ReadOnlySpan<byte> value)
    {
        while (position < headers.Length)
        {
            var header = headers[position++];
            if (header.Name.Equals(Encoding.UTF8.GetString(name), StringComparison.OrdinalIgnoreCase))
            {
                value = Encoding.UTF8.GetBytes(header.Value);
                return true;
            }
        }

        value = default;
        return false;
    }
}
