using System.Buffers.Binary;
using Google.Protobuf;

namespace Orleans.Inference.BlackBox.Tests.Support;

/// <summary>Writes gRPC messages, field by field.</summary>
internal static class GrpcMessages
{
    /// <summary>A gRPC message: one byte of flags and four of length before it.</summary>
    public static byte[] Frame(params byte[][] fields)
    {
        var message = Join(fields);
        var frame = new byte[message.Length + 5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Join(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    /// <summary>A protobuf field of bytes.</summary>
    public static byte[] Field(int number, ReadOnlySpan<byte> value)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(value));
        }

        return bytes.ToArray();
    }

    /// <summary>A protobuf field of a number.</summary>
    public static byte[] Field(int number, uint value)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.Varint);
            output.WriteUInt32(value);
        }

        return bytes.ToArray();
    }
}
