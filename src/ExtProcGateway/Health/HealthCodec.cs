using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>The small messages of gRPC health: one string in, one enum or a map of them out.</summary>
internal static class HealthCodec
{
    /// <summary>Longest request that is read.</summary>
    private const int MaxRequest = 1024;

    /// <summary>Bytes of an entry in the list's map besides the name: key's and value's tag and length, the value.</summary>
    private const int EntryOverhead = 6;

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

    /// <summary>Writes a HealthListResponse (1: map of names to HealthCheckResponses).</summary>
    public static void SendList(GrpcServerCall call, IHealthSource health)
    {
        // An entry of a map is a message of its own: 1, the key; 2, the value. The names are our own, and short.
        var length = 0;
        foreach (var service in health.Services)
        {
            Debug.Assert(service.Length < 128 - EntryOverhead, "lengths of one byte");
            length += 2 + EntryOverhead + service.Length;
        }

        var span = call.ReserveMessage(length);
        foreach (var service in health.Services)
        {
            span[0] = (1 << 3) | 2;
            span[1] = (byte)(EntryOverhead + service.Length);
            span[2] = (1 << 3) | 2;
            span[3] = (byte)service.Length;
            var key = Encoding.ASCII.GetBytes(service, span[4..]);
            ReadOnlySpan<byte> state = [(2 << 3) | 2, 2, 1 << 3, (byte)health.Check(service)];
            state.CopyTo(span[(4 + key)..]);
            span = span[(4 + key + state.Length)..];
        }

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
