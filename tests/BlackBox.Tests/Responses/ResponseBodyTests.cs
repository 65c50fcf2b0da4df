using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using static Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace Orleans.Inference.BlackBox.Tests.Responses;

/// <summary>How a response's body goes on: a stream of events piece by piece, anything else when it is whole.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class ResponseBodyTests(DefaultPicker picker)
{
    private const int Chunk = 62_000;

    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Theory]
    [InlineData("text/event-stream", "")]
    [InlineData("text/event-stream; charset=utf-8", "")]
    [InlineData("application/json", ",\"stream\":true")]
    public async Task Streaming_EachPiece_GoesOnAtOnce(string contentType, string more)
    {
        using var exchange = await RespondAsync(contentType, more);
        foreach (var piece in new[] { "data: 1\n\n", "data: 2", "\n\ndata: [DONE]\n\n" })
        {
            await exchange.SendResponseBodyAsync(Exchanges.Utf8(piece));
            var answer = (await exchange.ReadAsync()).Piece();
            Assert.Equal((piece, false), (answer.Body.ToStringUtf8(), answer.EndOfStream));
        }

        await exchange.SendResponseBodyAsync(ReadOnlyMemory<byte>.Empty, endOfStream: true);
        var last = (await exchange.ReadAsync()).Piece();
        Assert.Equal((0, true), (last.Body.Length, last.EndOfStream));
    }

    [Fact]
    public async Task Streaming_ABigPiece_IsCutAndTheEndIsOnTheLastPartAlone()
    {
        using var exchange = await RespondAsync("text/event-stream");
        await exchange.SendResponseBodyAsync(new byte[Chunk + 1]);
        var answers = await exchange.ReadManyAsync(2);
        Assert.Equal([(Chunk, false), (1, false)], answers.Select(answer => (answer.Piece().Body.Length, answer.Piece().EndOfStream)));

        await exchange.SendResponseBodyAsync(new byte[125_000], endOfStream: true);
        answers = await exchange.ReadManyAsync(3);
        Assert.Equal([(Chunk, false), (Chunk, false), (1_000, true)], answers.Select(answer => (answer.Piece().Body.Length, answer.Piece().EndOfStream)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"stream\":false")]
    [InlineData(",\"stream\":\"true\"")]
    public async Task Whole_UntilItsEnd_IsHeldBack(string more)
    {
        using var exchange = await RespondAsync("application/json", more);
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("{\"a\":"));
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("1}"));
        var next = await exchange.ExpectSilenceAsync(_client);

        await exchange.SendResponseBodyAsync(ReadOnlyMemory<byte>.Empty, endOfStream: true);

        var answer = (await next)!.Piece();
        Assert.Equal(("{\"a\":1}", true), (answer.Body.ToStringUtf8(), answer.EndOfStream));
    }

    [Theory]
    [InlineData(0, new[] { 0 })]
    [InlineData(Chunk, new[] { Chunk })]
    [InlineData(Chunk + 1, new[] { Chunk, 1 })]
    [InlineData(125_000, new[] { Chunk, Chunk, 1_000 })]
    public async Task Whole_OfAnyLength_IsCutIntoChunks(int length, int[] chunks)
    {
        using var exchange = await RespondAsync("application/octet-stream");
        var body = new byte[length];
        new Random(length).NextBytes(body);
        foreach (var piece in body.Chunk(10_000))
        {
            await exchange.SendResponseBodyAsync(piece);
        }

        await exchange.SendResponseBodyAsync(ReadOnlyMemory<byte>.Empty, endOfStream: true);

        var answers = await exchange.ReadManyAsync(chunks.Length);
        Assert.Equal(chunks, answers.Select(answer => answer.Piece().Body.Length));
        Assert.Equal(body, answers.SelectMany(answer => answer.Piece().Body).ToArray());
        Assert.All(answers.SkipLast(1), answer => Assert.False(answer.Piece().EndOfStream));
        Assert.True(answers[^1].Piece().EndOfStream);
    }

    [Fact]
    public async Task Trailers_BeforeTheEndOfAWholeBody_LetItGoWithoutAnEnd()
    {
        using var exchange = await RespondAsync("application/json");
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("{\"a\":1}"));
        await exchange.SendResponseTrailersAsync(("grpc-status", "0"));

        var body = (await exchange.ReadAsync()).Piece();
        var trailers = await exchange.ReadAsync();

        Assert.Equal(("{\"a\":1}", false), (body.Body.ToStringUtf8(), body.EndOfStream));
        Assert.Equal(ResponseTrailers, trailers.ResponseCase);
        Assert.Empty(trailers.ResponseTrailers.HeaderMutation?.SetHeaders ?? []);
        Assert.Empty(trailers.ResponseTrailers.HeaderMutation?.RemoveHeaders ?? []);
    }

    [Fact]
    public async Task Trailers_OfAStream_AreAnsweredBehindItsPieces()
    {
        using var exchange = await RespondAsync("text/event-stream");
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("data: 1\n\n"));
        await exchange.SendResponseTrailersAsync(("grpc-status", "0"));

        Assert.Equal(ResponseBody, (await exchange.ReadAsync()).ResponseCase);
        Assert.Equal(ResponseTrailers, (await exchange.ReadAsync()).ResponseCase);
    }

    [Fact]
    public async Task Trailers_RightBehindTheHeaders_AreAnswered()
    {
        using var exchange = await RespondAsync("application/grpc");
        await exchange.SendResponseTrailersAsync(("grpc-status", "0"));

        var answer = await exchange.ReadAsync();

        Assert.Equal(ResponseTrailers, answer.ResponseCase == ResponseBody && answer.Piece().Body.Length == 0 ? (await exchange.ReadAsync()).ResponseCase : answer.ResponseCase);
    }

    [Fact]
    public async Task HalfClose_InMidBody_EndsTheStream()
    {
        using var exchange = await RespondAsync("text/event-stream");
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("data: 1\n\n"));
        await exchange.ReadAsync();

        await exchange.HalfCloseAsync();

        Assert.Empty(await exchange.ReadAllAsync());
    }

    [Fact]
    public async Task Response_BeforeTheRequestHasEnded_IsAnsweredBehindNothing()
    {
        // A model server, or Envoy itself, may answer while the client still sends: with 413, for example.
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(Exchanges.Utf8("{\"model\":"));

        var response = await exchange.SendResponseAsync(413, [("content-type", "text/plain")], "Payload Too Large");

        Assert.Equal("true", response.SetHeaders["x-went-into-resp-headers"]);
        Assert.Equal("Payload Too Large"u8.ToArray(), response.Body);
    }

    private async Task<ExtProcExchange> RespondAsync(string contentType, string more = "")
    {
        var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m", more));
        await exchange.SendResponseHeadersAsync(200, false, ("content-type", contentType));
        Assert.Equal(ResponseHeaders, (await exchange.ReadAsync()).ResponseCase);
        return exchange;
    }
}
