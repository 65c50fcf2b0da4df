using System.Text;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Responses;
using Orleans.Inference.TestKit;
using static Orleans.Inference.ExtProcGateway.Tests.Requests.GrpcBodies;

namespace Orleans.Inference.ExtProcGateway.Tests.Responses;

/// <summary>Usage in responses of gRPC messages.</summary>
public sealed class GrpcUsageReaderTests
{
    private const string Chat = """{"object":"chat.completion","usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,"prompt_tokens_details":{"cached_tokens":4}}}""";

    private static UsageReader Read(ResponseFormat format, params byte[][] pieces)
    {
        var reader = new UsageReader(format, events: false);
        foreach (var piece in pieces)
        {
            reader.Read(piece);
        }

        reader.End();
        return reader;
    }

    /// <summary>What a body says, which must be the same wherever it is cut.</summary>
    private static TokenUsage? Usage(ResponseFormat format, params byte[][] frames)
    {
        byte[] body = [.. frames.SelectMany(frame => frame)];
        var whole = Read(format, body);
        for (var cut = 0; cut <= body.Length; cut++)
        {
            var halves = Read(format, body[..cut], body[cut..]);
            Assert.Equal((cut, whole.HasUsage, whole.Usage), (cut, halves.HasUsage, halves.Usage));
        }

        var bytes = Read(format, [.. body.Select(unit => new[] { unit })]);
        Assert.Equal((whole.HasUsage, whole.Usage, whole.StreamedEvents), (bytes.HasUsage, bytes.Usage, bytes.StreamedEvents));
        return whole.HasUsage ? whole.Usage : null;
    }

    /// <summary>A <c>GenerateResponse</c> with a <c>GenerateStreamChunk</c>.</summary>
    private static byte[] Chunk(int ids, uint prompt, uint completion, uint cached) => Frame(Message(Bytes(1, ChunkPart(ids, prompt, completion, cached))));

    private static byte[] ChunkPart(int ids, uint prompt, uint completion, uint cached) =>
        Message(Packed(1, [.. Enumerable.Range(0, ids).Select(id => (uint)(id * 1000))]), Number(2, prompt), Number(3, completion), Number(4, cached));

    /// <summary>A <c>GenerateResponse</c> with a <c>GenerateComplete</c>.</summary>
    private static byte[] Complete(uint prompt, uint completion, uint cached) => Frame(Message(Bytes(2, CompletePart(prompt, completion, cached))));

    private static byte[] CompletePart(uint prompt, uint completion, uint cached) =>
        Message(Packed(1, 7, 70_000), Text(2, "stop"), Number(3, prompt), Number(4, completion), Number(5, cached));

    private static byte[] HttpBody(string data, string type = "application/json") => Frame(Message(Text(1, type), Bytes(2, Encoding.UTF8.GetBytes(data))));

    [Fact]
    public void Vllm_Complete_GivesItsUsage() => Assert.Equal(new TokenUsage(20, 15, 35, 5), Usage(ResponseFormat.VllmGenerate, Complete(20, 15, 5)));

    [Fact]
    public void Vllm_NothingCached_IsSaid() =>
        Assert.Equal(new TokenUsage(20, 15, 35, 0), Usage(ResponseFormat.VllmGenerate, Frame(Message(Bytes(2, Message(Number(3, 20), Number(4, 15)))))));

    [Fact]
    public void Vllm_OneChunk_GivesItsUsage() => Assert.Equal(new TokenUsage(10, 5, 15, 2), Usage(ResponseFormat.VllmGenerate, Chunk(3, 10, 5, 2)));

    /// <summary>As vLLM counts: each chunk its own tokens, and the end the last chunk's again.</summary>
    [Fact]
    public void Vllm_ChunksThatCountTheirOwnTokens_AreAddedUp() =>
        Assert.Equal(new TokenUsage(10, 7, 17, 2), Usage(ResponseFormat.VllmGenerate, Chunk(1, 10, 1, 2), Chunk(4, 10, 4, 2), Chunk(2, 10, 2, 2), Complete(10, 2, 2)));

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Vllm_ChunksThatCountAllTokens_AreNotAddedUp(int ids) =>
        Assert.Equal(
            new TokenUsage(10, 4, 14, 2),
            Usage(ResponseFormat.VllmGenerate, Chunk(ids, 10, 1, 2), Chunk(ids, 10, 2, 2), Chunk(ids, 10, 4, 2), Complete(10, 4, 2)));

    [Fact]
    public void Vllm_ChunksWithoutFiguresBeforeTheLast_GiveTheLast() =>
        Assert.Equal(new TokenUsage(10, 3, 13, 2), Usage(ResponseFormat.VllmGenerate, Chunk(1, 0, 0, 0), Chunk(1, 0, 0, 0), Chunk(1, 10, 3, 2)));

    [Fact]
    public void Vllm_IdsOneByOne_AreCounted()
    {
        var chunk = Frame(Message(Bytes(1, Message(Number(1, 70_000), Number(1, 2), Number(2, 10), Number(3, 2)))));

        Assert.Equal(new TokenUsage(10, 4, 14, 0), Usage(ResponseFormat.VllmGenerate, chunk, chunk));
    }

    [Fact]
    public void Vllm_UnknownFields_ArePassedOver()
    {
        var part = Message(Number(2, 10), Double(6, 1.5), Single(7, 1), Text(8, "x"), Number(3, 5), Number(100_000, uint.MaxValue));

        Assert.Equal(new TokenUsage(10, 5, 15, 0), Usage(ResponseFormat.VllmGenerate, Frame(Message(Number(1, 9), Text(3, "y"), Bytes(1, part), Double(9, 1)))));
    }

    [Fact]
    public void Vllm_TwoPartsInAMessage_GivesTheLast() =>
        Assert.Equal(
            new TokenUsage(1, 2, 3, 0), Usage(ResponseFormat.VllmGenerate, Frame(Message(Bytes(1, ChunkPart(3, 10, 5, 2)), Bytes(2, CompletePart(1, 2, 0))))));

    [Fact]
    public void Vllm_EmbedResponse_GivesItsPrompt() =>
        Assert.Equal(new TokenUsage(10, 0, 10, null), Usage(ResponseFormat.VllmEmbed, Frame(Message(Bytes(1, new byte[64]), Number(2, 10), Number(3, 16)))));

    [Fact]
    public void Vllm_MalformedMessage_SaysNothing()
    {
        byte[][] messages =
        [
            [],
            [0xff], // a tag that does not end
            [0x00, 0x00], // field 0
            [0x0b], // a group
            [.. Message(Bytes(2, CompletePart(20, 15, 5))), 0x12, 0x7f], // a part that is longer than the message
            [.. Message(Bytes(2, CompletePart(20, 15, 5))), 0x0d, 0x00], // four bytes of which one is there
            [.. Message(Bytes(2, CompletePart(20, 15, 5))), 0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f], // four gigabytes
            Message(Bytes(2, [.. CompletePart(20, 15, 5), 0x2a, 0x05, 0x00])), // a field that is longer than its part
            Message(Bytes(2, [.. CompletePart(20, 15, 5), 0x28])), // a number that is not there
            Message(Bytes(2, [.. CompletePart(20, 15, 5), 0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])), // a number of 11 bytes
        ];
        foreach (var message in messages)
        {
            Assert.Null(Usage(ResponseFormat.VllmGenerate, Frame(message)));
            Assert.Equal(new TokenUsage(1, 2, 3, 0), Usage(ResponseFormat.VllmGenerate, Frame(message), Complete(1, 2, 0)));
        }
    }

    [Theory]
    [InlineData((int)ResponseFormat.VllmGenerate)]
    [InlineData((int)ResponseFormat.VertexAi)]
    public void CompressedMessage_IsPassedOver(int format)
    {
        var frame = (ResponseFormat)format == ResponseFormat.VertexAi ? HttpBody(Chat) : Complete(20, 15, 5);
        var compressed = frame.ToArray();
        compressed[0] = 1;

        Assert.Null(Usage((ResponseFormat)format, compressed));
        Assert.NotNull(Usage((ResponseFormat)format, compressed, frame));
        Assert.Equal(Usage((ResponseFormat)format, frame), Usage((ResponseFormat)format, frame, compressed));
    }

    [Theory]
    [InlineData((int)ResponseFormat.VllmGenerate)]
    [InlineData((int)ResponseFormat.VertexAi)]
    public void MessageThatBreaksOff_SaysNothing(int format)
    {
        var frame = (ResponseFormat)format == ResponseFormat.VertexAi ? Frame(Message(Bytes(2, Encoding.UTF8.GetBytes(Chat)), Text(1, "t"))) : Complete(20, 15, 5);
        for (var length = 0; length < frame.Length; length++)
        {
            Assert.False(Read((ResponseFormat)format, frame[..length]).HasUsage);
        }
    }

    [Fact]
    public void MessageOfManyMegabytes_IsRead()
    {
        const int Text = 64 * 1024 * 1024;
        var start = Message(Number(9, 1), Bytes(2, []))[..^1];
        var size = new byte[8];
        var sizeLength = Varint(size, Text);
        var end = Message(Bytes(2, Encoding.UTF8.GetBytes(Chat)));
        var frame = Frame(new byte[start.Length + sizeLength])[..5];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), start.Length + sizeLength + Text + end.Length);
        var reader = new UsageReader(ResponseFormat.VertexAi, events: false);
        reader.Read(frame);
        reader.Read(start);
        reader.Read(size.AsSpan(0, sizeLength));
        var blank = new byte[64 * 1024];
        blank.AsSpan().Fill((byte)' ');
        for (var i = 0; i < Text / blank.Length; i++)
        {
            reader.Read(blank);
        }

        reader.Read(end);

        Assert.Equal(new TokenUsage(10, 20, 30, 4), reader.Usage);
    }

    private static int Varint(byte[] bytes, int value)
    {
        using var output = new CodedOutputStream(bytes);
        output.WriteLength(value);
        return (int)output.Position;
    }

    [Fact]
    public void Vertex_Json_GivesItsUsage() => Assert.Equal(new TokenUsage(10, 20, 30, 4), Usage(ResponseFormat.VertexAi, HttpBody(Chat)));

    [Fact]
    public void Vertex_JsonInSeveralMessages_GivesTheLastUsage() =>
        Assert.Equal(
            new TokenUsage(10, 21, 31, 4),
            Usage(ResponseFormat.VertexAi, HttpBody("""{"usage":null}"""), HttpBody(Chat), HttpBody("""{"usage":{"completion_tokens":21}}"""), HttpBody("{}"), HttpBody("")));

    [Fact]
    public void Vertex_JsonCutBetweenMessages_GivesItsUsage()
    {
        for (var cut = 0; cut <= Chat.Length; cut += 7)
        {
            Assert.Equal(new TokenUsage(10, 20, 30, 4), Usage(ResponseFormat.VertexAi, HttpBody(Chat[..cut]), HttpBody(Chat[cut..])));
        }
    }

    [Fact]
    public void Vertex_Events_GiveUsageAndAreCounted()
    {
        const string Events = "data: {\"choices\":[]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}\n\ndata: [DONE]\n\n";
        for (var cut = 0; cut <= Events.Length; cut += 5)
        {
            byte[] body = [.. HttpBody(Events[..cut], "text/event-stream"), .. HttpBody(Events[cut..])];
            Assert.Equal(new TokenUsage(10, 20, 30, null), Usage(ResponseFormat.VertexAi, body));
            Assert.Equal(2, Read(ResponseFormat.VertexAi, body).StreamedEvents);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("no JSON with \"usage\":{\"prompt_tokens\":9}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":9}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":9}} {}")]
    public void Vertex_TextWithoutUsage_SaysNothing(string text) => Assert.Null(Usage(ResponseFormat.VertexAi, HttpBody(text)));

    [Fact]
    public void Vertex_MessageThatIsMalformed_IsDropped()
    {
        var malformed = Frame([.. Message(Bytes(2, Encoding.UTF8.GetBytes("""{"usage":{"prompt_tokens":9}}"""))), 0xff]);

        Assert.Null(Usage(ResponseFormat.VertexAi, malformed));
        Assert.Equal(new TokenUsage(10, 20, 30, 4), Usage(ResponseFormat.VertexAi, malformed, HttpBody(Chat)));
    }

    [Fact]
    public void Read_PiecesOfAStream_AllocatesNothing()
    {
        byte[][] bodies = [[.. Chunk(1, 10, 1, 2), .. Chunk(4, 10, 4, 2), .. Complete(10, 2, 2)], [.. HttpBody("{}"), .. HttpBody(Chat)]];
        ResponseFormat[] formats = [ResponseFormat.VllmGenerate, ResponseFormat.VertexAi];
        for (var i = 0; i < bodies.Length; i++)
        {
            var bytes = bodies[i];
            var reader = new UsageReader(formats[i], events: false);

            Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
            {
                for (var cut = 0; cut < bytes.Length; cut += 7)
                {
                    reader.Read(bytes.AsSpan(cut, Math.Min(7, bytes.Length - cut)));
                }

                reader.Read(bytes);
                reader.End();
            }));
            Assert.True(reader.HasUsage);
        }
    }
}
