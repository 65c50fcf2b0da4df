using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads a JSON string as a name of which there is one string in the process.</summary>
internal static class JsonName
{
    private const int UsualLength = 256;

    /// <summary>The string that the reader stands on.</summary>
    /// <exception cref="JsonException">It is no Unicode text: malformed UTF-8, or half of a surrogate pair.</exception>
    public static string Read(ref Utf8JsonReader reader, ModelNames names)
    {
        if (!reader.HasValueSequence && !reader.ValueIsEscaped && Utf8.IsValid(reader.ValueSpan))
        {
            return names.Get(reader.ValueSpan);
        }

        var length = reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length <= UsualLength)
        {
            Span<byte> small = stackalloc byte[UsualLength];
            return names.Get(small[..Copy(ref reader, small)]);
        }

        var large = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return names.Get(large.AsSpan(0, Copy(ref reader, large)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(large);
        }
    }

    private static int Copy(ref Utf8JsonReader reader, scoped Span<byte> destination)
    {
        try
        {
            return reader.CopyString(destination);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a name is not valid Unicode text", e);
        }
    }
}
