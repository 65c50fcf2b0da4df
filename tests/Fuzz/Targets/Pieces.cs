using System.Buffers;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>Inputs as they come from the network: cut anywhere.</summary>
internal static class Pieces
{
    /// <summary>A body in pieces by chance, some of them empty or of one byte, appended or adopted.</summary>
    public static BodyBuffer Of(ReadOnlySpan<byte> bytes, Random random)
    {
        var body = new BodyBuffer();
        var longest = random.Next(4) switch { 0 => 1, 1 => 4, 2 => 64, _ => Math.Max(1, bytes.Length) };
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, random.Next(1, longest + 1));
            if (longest <= 64 || random.Next(2) == 0)
            {
                var before = random.Next(4);
                var rented = ArrayPool<byte>.Shared.Rent(before + length);
                bytes[..length].CopyTo(rented.AsSpan(before));
                body.Adopt(rented, before, length);
            }
            else
            {
                body.Append(bytes[..length]);
            }

            bytes = bytes[length..];
        }

        return body;
    }

    /// <summary>How outcomes for the same bytes in other pieces differ; null when they do not. The text about malformed JSON may: it has the place.</summary>
    public static string? Difference(in ParsedRequest whole, in ParsedRequest pieces)
    {
        var (one, other) = (whole with { Error = Kind(whole.Error) }, pieces with { Error = Kind(pieces.Error) });
        return one == other ? null : $"in one piece: {whole}\nin pieces: {pieces}";
    }

    private static string? Kind(string? error)
    {
        const string Beginning = "error unmarshaling request body";
        return error is not null && error.StartsWith(Beginning, StringComparison.Ordinal) ? Beginning : error;
    }
}
