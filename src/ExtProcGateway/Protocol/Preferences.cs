using System.Text;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Reads <c>Prefer</c> headers (RFC 7240): preferences separated by commas, each with parameters behind semicolons. One that is given a value (<c>name=value</c>) is another.</summary>
internal static class Preferences
{
    /// <summary>Whether a preference is among them, whatever its case and parameters.</summary>
    public static bool Has(ReadOnlySpan<byte> value, ReadOnlySpan<byte> preference)
    {
        foreach (var range in value.Split((byte)','))
        {
            var token = value[range];
            var end = token.IndexOf((byte)';');
            if (Ascii.EqualsIgnoreCase((end < 0 ? token : token[..end]).Trim(" \t"u8), preference))
            {
                return true;
            }
        }

        return false;
    }
}
