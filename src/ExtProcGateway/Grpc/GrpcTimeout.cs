using System.Buffers.Text;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>The field <c>grpc-timeout</c> of gRPC over HTTP/2: one to eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>Reads a timeout; nanoseconds are rounded up to the 100 ns of <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1 || text[0] is < (byte)'0' or > (byte)'9')
        {
            return false;
        }

        if (!Utf8Parser.TryParse(text[..^1], out long value, out var used) || used != text.Length - 1)
        {
            return false;
        }

        var ticks = text[^1] switch
        {
            (byte)'H' => value * TimeSpan.TicksPerHour,
            (byte)'M' => value * TimeSpan.TicksPerMinute,
            (byte)'S' => value * TimeSpan.TicksPerSecond,
            (byte)'m' => value * TimeSpan.TicksPerMillisecond,
            (byte)'u' => value * TimeSpan.TicksPerMicrosecond,
            (byte)'n' => (value + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        timeout = new TimeSpan(ticks);
        return ticks >= 0;
    }
}
