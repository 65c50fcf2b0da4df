using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>The two small messages of gRPC health: one string in, one enum out.</summary>
internal static class HealthCodec
{
    /// <summary>Longest request that is read.</summary>
    private const int MaxRequest = 1024;

    /// <summary>Reads a HealthCheckRequest (1: service); other fields are skipped.</summary>
    public static bool TryReadService(in ReadOnlySequence<byte> message, [NotNullWhen(true)] out string? service)
    {
        service = null;
        if (message.Length > MaxRequest)
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[(int)message.Length];
        message.CopyTo(copy);
        ReadOnlySpan<byte> rest = copy;
        var found = "";
        while (!rest.IsEmpty)
        {
            if (!TryReadVarint(ref rest, out var tag) || !TryReadField(ref rest, (int)(tag & 7), out var value))
            {
                return false;
            }

            if (tag == ((1 << 3) | 2))
            {
                found = Encoding.UTF8.GetString(value);
            }
        }

        service = found;
        return true;
    }

    /// <summary>Writes a HealthCheckResponse (1: status).</summary>
    public static void Send(GrpcServerCall call, HealthStatus status)
    {
        var span = call.ReserveMessage(2);
        span[0] = 1 << 3;
        span[1] = (byte)status;
        call.CommitMessage();
    }

    private static bool TryReadField(ref ReadOnlySpan<byte> rest, int wireType, out ReadOnlySpan<byte> value)
    {
        value = default;
        ulong length;
        switch (wireType)
        {
            case 0:
                return TryReadVarint(ref rest, out _);
            case 1:
                length = 8;
                break;
            case 2 when TryReadVarint(ref rest, out length):
                break;
            case 5:
                length = 4;
                break;
            default:
                return false;
        }

        if (length > (ulong)rest.Length)
        {
            return false;
        }

        value = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (var i = 0; i < 10 && i < rest.Length; i++)
        {
            value |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
