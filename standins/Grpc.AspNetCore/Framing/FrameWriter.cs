using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Framing;

/// <summary>Turns messages into length-prefixed frames, one at a time, in a buffer that is used again for the next.</summary>
/// <param name="maxMessageSize">In bytes before compression; null = no limit.</param>
internal sealed class FrameWriter(int? maxMessageSize, CompressionLevel? compressionLevel = null) : SerializationContext
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private bool _complete;

    /// <summary>The message's frame, valid until the next one.</summary>
    /// <exception cref="RpcException">The message is larger than the limit.</exception>
    public ReadOnlyMemory<byte> Write<T>(T message, Action<T, SerializationContext> serializer, ICompressionProvider? compression)
    {
        _complete = false;
        _buffer.ResetWrittenCount();
        _buffer.Write(stackalloc byte[FrameReader.HeaderSize]);
        serializer(message, this);
        if (!_complete)
        {
            throw new InvalidOperationException("Serialization did not return a payload.");
        }

        EnsureWithinLimit(_buffer.WrittenCount - FrameReader.HeaderSize);
        return compression is null ? Seal(_buffer.WrittenMemory, compressed: false) : Compress(compression);
    }

    public static byte[] SerializePayload<T>(T message, Action<T, SerializationContext> serializer)
        => new FrameWriter(maxMessageSize: null).Write(message, serializer, compression: null)[FrameReader.HeaderSize..].ToArray();

    public override void SetPayloadLength(int payloadLength)
    {
        EnsureWithinLimit(payloadLength);
        _buffer.GetSpan(Math.Max(1, payloadLength));
    }

    public override IBufferWriter<byte> GetBufferWriter() => _buffer;

    public override void Complete() => _complete = true;

    public override void Complete(byte[] payload)
    {
        _buffer.Write(payload);
        _complete = true;
    }

    private static ReadOnlyMemory<byte> Seal(ReadOnlyMemory<byte> frame, bool compressed)
    {
        var header = MemoryMarshal.AsMemory(frame).Span;
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)(frame.Length - FrameReader.HeaderSize));
        return frame;
    }

    private ReadOnlyMemory<byte> Compress(ICompressionProvider compression)
    {
        var output = new MemoryStream();
        output.Write(stackalloc byte[FrameReader.HeaderSize]);
        using (var stream = compression.CreateCompressionStream(output, compressionLevel))
        {
            stream.Write(_buffer.WrittenSpan[FrameReader.HeaderSize..]);
        }

        var frame = output.ToArray();
        return Seal(frame, compressed: true);
    }

    private void EnsureWithinLimit(int length)
    {
        if (length > (maxMessageSize ?? int.MaxValue))
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."));
        }
    }
}
