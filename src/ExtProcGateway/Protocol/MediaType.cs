using System.Text;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Reads values of <c>content-type</c>.</summary>
internal static class MediaType
{
    /// <summary>Longest value that is read; what lies behind are parameters.</summary>
    private const int Longest = 256;

    /// <summary>Whether a value names a type, whatever the letters' case (RFC 9110, 8.3.1).</summary>
    /// <param name="type">In lower case.</param>
    public static bool Contains(ReadOnlySpan<byte> value, ReadOnlySpan<byte> type)
    {
        Span<byte> lower = stackalloc byte[Longest];
        value = value[..Math.Min(value.Length, Longest)];
        return Ascii.ToLower(value, lower, out var written) == System.Buffers.OperationStatus.Done ? lower[..written].IndexOf(type) >= 0 : value.IndexOf(type) >= 0;
    }
}
