using System.Buffers.Binary;
using Google.Protobuf;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>Writes gRPC frames and protobuf messages with Google's writer.</summary>
internal static class GrpcBodies
{
    public static byte[] Frame(byte[] message, byte flag = 0)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Message(params Action<CodedOutputStream>[] fields)
    {
        using var stream = new MemoryStream();
        var output = new CodedOutputStream(stream);
        foreach (var field in fields)
        {
            field(output);
        }

        output.Flush();
        return stream.ToArray();
    }

    public static Action<CodedOutputStream> Bytes(int field, byte[] value) => output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    };

    public static Action<CodedOutputStream> Text(int field, string value) => output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    };

    public static Action<CodedOutputStream> Number(int field, uint value) => output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteUInt32(value);
    };

    public static Action<CodedOutputStream> Single(int field, float value) => output =>
    {
        output.WriteTag(field, WireFormat.WireType.Fixed32);
        output.WriteFloat(value);
    };

    public static Action<CodedOutputStream> Double(int field, double value) => output =>
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    };

    public static Action<CodedOutputStream> Packed(int field, params uint[] values) => Bytes(field, Message(output =>
    {
        foreach (var value in values)
        {
            output.WriteUInt32(value);
        }
    }));
}
