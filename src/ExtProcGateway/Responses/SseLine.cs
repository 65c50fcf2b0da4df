using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Reads the lines of a stream of server-sent events.</summary>
/// <remarks>The space behind the colon may be missing, as the format of such streams allows and some servers make use of.</remarks>
internal static class SseLine
{
    /// <summary>What an event's line begins with.</summary>
    public static ReadOnlySpan<byte> Field => "data:"u8;

    /// <summary>The line is an event's.</summary>
    public static bool IsData(ReadOnlySpan<byte> line) => line.StartsWith(Field);

    /// <summary>What an event's line says.</summary>
    public static bool TryGetData(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> data)
    {
        if (IsData(line))
        {
            data = line[Field.Length..];
            return true;
        }

        data = default;
        return false;
    }

    /// <summary>The event says that the stream is done.</summary>
    public static bool IsDone(ReadOnlySpan<byte> data) => data.Length <= 9 && data.Trim(" \r"u8).SequenceEqual("[DONE]"u8);

    /// <summary>Whether scanning the event can pay: it has the key that goes before all usage, and not with null, which OpenAI's have in all but the last event.</summary>
    public static bool MayHaveUsage(ReadOnlySpan<byte> data, ResponseFormat format)
    {
        // Without the opening quote, because quotes are so frequent that the search would stop at most of them.
        var key = format == ResponseFormat.SgLang ? "finish_reason\""u8 : "usage\""u8;
        while (true)
        {
            var at = data.IndexOf(key);
            if (at < 0)
            {
                return false;
            }

            data = data[(at + key.Length)..];
            if (!IsNull(data))
            {
                return true;
            }
        }
    }

    /// <summary>What follows a key is a colon and null.</summary>
    private static bool IsNull(ReadOnlySpan<byte> value)
    {
        value = value.TrimStart((byte)' ');
        if (!value.StartsWith(":"u8))
        {
            return false;
        }

        value = value[1..].TrimStart((byte)' ');
        return value.StartsWith("null"u8) && value.Length > 4 && value[4] is (byte)',' or (byte)'}' or (byte)' ';
    }
}
