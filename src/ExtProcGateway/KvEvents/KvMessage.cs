using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>A message of a publisher of events: topic, number, batch. Valid until the connection receives the next.</summary>
/// <param name="Topic"><c>kv@&lt;pod&gt;@&lt;model&gt;</c>; empty where a server leaves it out when it tells again.</param>
/// <param name="Sequence">Counts the server's batches from 0.</param>
/// <param name="Batch">MessagePack; empty at the end of what is told again.</param>
internal readonly record struct KvMessage(ReadOnlyMemory<byte> Topic, ulong Sequence, ReadOnlyMemory<byte> Batch)
{
    /// <summary>The message that a connection has received; null where it is none.</summary>
    public static KvMessage? Of(ZmtpConnection connection)
    {
        // A reply begins with an empty frame, as requests do.
        var first = connection.FrameCount > 2 && connection.Frame(0).IsEmpty && connection.Frame(1).Length != sizeof(ulong) ? 1 : 0;
        var count = connection.FrameCount - first;
        return count is 2 or 3 && connection.Frame(first + count - 2) is { Length: sizeof(ulong) } sequence
            ? new(count == 3 ? connection.Frame(first) : default, BinaryPrimitives.ReadUInt64BigEndian(sequence.Span), connection.Frame(first + count - 1))
            : null;
    }

    /// <summary>The model in a topic; empty where there is none.</summary>
    public static ReadOnlySpan<byte> ModelOf(ReadOnlySpan<byte> topic)
    {
        var pod = topic.IndexOf((byte)'@') + 1;
        var model = topic[pod..].IndexOf((byte)'@') + 1;
        return pod > 0 && model > 0 ? topic[(pod + model)..] : default;
    }
}
