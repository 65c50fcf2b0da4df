using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>A parser of gRPC bodies: pieces make no difference; a body that is carried within reads as it does alone.</summary>
/// <param name="within">For a parser of JSON that a message carries: the parser of that JSON.</param>
internal sealed class GrpcBodyTarget(string name, BodyParser parser, JsonBody? within = null) : IFuzzTarget
{
    public string Name => name;

    public string Description => $"{name} bodies: pieces" + (within is null ? "" : ", agreement with the JSON within");

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0x0a], [0x12], [0x1a], [0x22], [0x28, 0x01], [0x40, 0x07], [0x12, 0x02, 0x08, 0x01], [0x80], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x0b], [0x0c], [0x0d, 0, 0, 0, 0],
        [0x09, 0, 0, 0, 0, 0, 0, 0, 0], [0], [1], [0, 0, 0, 0, 5], Encoding.UTF8.GetBytes("\"model\":\"m\","), Encoding.UTF8.GetBytes("{}"), Encoding.UTF8.GetBytes("\"messages\":[{}]"),
    ];

    public FuzzOutcome Run(byte[] input, Random random)
    {
        // As a body the length before it is seldom right, so the same bytes are tried as a message, and as what a message carries.
        var outcome = Try(input, random);
        if (outcome.Fault is null)
        {
            var framed = Try(Frame(input), random);
            outcome = framed with { Accepted = outcome.Accepted || framed.Accepted };
        }

        return outcome.Fault is null && within is not null && Mismatch(input, within) is { } fault ? FuzzOutcome.Failed(fault) : outcome;
    }

    private FuzzOutcome Try(byte[] bytes, Random random)
    {
        var whole = parser.Parse(new ReadOnlySequence<byte>(bytes));
        var fault = whole.CanEditModel ? "a message has a model to edit" : null;
        for (var i = 0; i < 3 && fault is null; i++)
        {
            var body = Pieces.Of(bytes, random);
            fault = Pieces.Difference(whole, parser.Parse(body.Content));
            body.Release();
        }

        return new FuzzOutcome(whole.Error is null, fault);
    }

    /// <summary>The bytes as <c>google.api.HttpBody.data</c> within field 2 of a request.</summary>
    private string? Mismatch(byte[] json, JsonBody alone)
    {
        byte[] httpBody = [0x12, .. Varint(json.Length), .. json];
        var frame = Frame([0x12, .. Varint(httpBody.Length), .. httpBody]);
        var carried = parser.Parse(new ReadOnlySequence<byte>(frame));
        var expected = alone.Parse(new ReadOnlySequence<byte>(json)) with { ModelOffset = 0, ModelLength = 0 };
        expected = expected with { Prompt = expected.Prompt.Within(frame.Length - json.Length) };
        if (expected.CacheSaltLength > 0)
        {
            expected = expected with { CacheSaltOffset = expected.CacheSaltOffset + frame.Length - json.Length };
        }

        return carried == expected ? null : $"alone: {expected}\ncarried: {carried}";
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[GrpcFrame.HeaderLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, GrpcFrame.HeaderLength);
        return frame;
    }

    private static List<byte> Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }
}
