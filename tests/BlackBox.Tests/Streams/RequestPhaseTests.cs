using Envoy.Service.ExtProc.V3;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using static Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace Orleans.Inference.BlackBox.Tests.Streams;

/// <summary>When a request is answered, and in which order.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class RequestPhaseTests(DefaultPicker picker)
{
    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Fact]
    public async Task Headers_WithABodyToCome_AreAnsweredOnlyWhenTheBodyHasEnded()
    {
        using var exchange = _client.Open();
        var body = Exchanges.Utf8(Exchanges.Prompt("m"));
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(body.AsMemory(0, 10));
        await exchange.SendRequestBodyAsync(body.AsMemory(10));
        var first = await exchange.ExpectSilenceAsync(_client);

        await exchange.SendRequestBodyAsync(ReadOnlyMemory<byte>.Empty, endOfStream: true);

        Assert.Equal(RequestHeaders, (await first)!.ResponseCase);
        var answer = await exchange.ReadAsync();
        Assert.Equal(body, answer.Piece().Body.ToByteArray());
        Assert.True(answer.Piece().EndOfStream);
    }

    [Fact]
    public async Task Body_OfSeveralChunks_IsAnsweredBehindTheHeadersAllAtOnce()
    {
        using var exchange = _client.Open();
        var body = Exchanges.Utf8(Exchanges.Prompt("m", ",\"x\":\"" + new string('a', 130_000) + "\""));
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(body, endOfStream: true);

        var answers = await exchange.ReadManyAsync(4);

        Assert.Equal([RequestHeaders, RequestBody, RequestBody, RequestBody], answers.Kinds());
        Assert.Equal([false, false, true], answers.Skip(1).Select(answer => answer.Piece().EndOfStream));
    }

    [Fact]
    public async Task WholeExchange_OfBothPhases_IsAnsweredInOrderAndEndsWithOk()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        await exchange.SendResponseHeadersAsync(200, false, ("content-type", "application/json"));
        Assert.Equal(ResponseHeaders, (await exchange.ReadAsync()).ResponseCase);
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("{}"), endOfStream: true);
        Assert.Equal(ResponseBody, (await exchange.ReadAsync()).ResponseCase);
        await exchange.SendResponseTrailersAsync(("grpc-status", "0"));
        Assert.Equal(ResponseTrailers, (await exchange.ReadAsync()).ResponseCase);

        await exchange.HalfCloseAsync();

        Assert.Null(await exchange.TryReadAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_RepeatedBeforeTheAnswers_IsIgnored(bool withTheLastChunk)
    {
        using var exchange = _client.Open();
        var body = Exchanges.Utf8(Exchanges.Prompt("m"));
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(body, endOfStream: true);
        await exchange.SendRequestBodyAsync(withTheLastChunk ? body : ReadOnlyMemory<byte>.Empty, endOfStream: true);

        await AssertAnsweredOnceAsync(exchange, body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_RepeatedAfterTheAnswers_IsIgnored(bool withTheLastChunk)
    {
        using var exchange = _client.Open();
        var body = Exchanges.Utf8(Exchanges.Prompt("m"));
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));

        await exchange.SendRequestBodyAsync(withTheLastChunk ? body : ReadOnlyMemory<byte>.Empty, endOfStream: true);

        await AssertResponsePhaseFollowsAsync(exchange);
    }

    [Fact]
    public async Task End_RepeatedBehindABigBody_IsIgnored()
    {
        using var exchange = _client.Open();
        var body = Exchanges.Utf8(Exchanges.Prompt("m", ",\"x\":\"" + new string('a', 1_200_000) + "\""));
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(body.AsMemory(0, 1_000_000));
        await exchange.SendRequestBodyAsync(body.AsMemory(1_000_000), endOfStream: true);
        await exchange.SendRequestBodyAsync(body.AsMemory(1_000_000), endOfStream: true);

        await AssertAnsweredOnceAsync(exchange, body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trailers_BehindABodyWithoutItsEnd_EndIt(bool big)
    {
        using var exchange = _client.Open();
        var body = Exchanges.Utf8(Exchanges.Prompt("m", ",\"x\":\"" + new string('a', big ? 700_000 : 1) + "\""));
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(body);
        await exchange.SendRequestTrailersAsync(("x-checksum", "1"));

        Assert.Equal(RequestHeaders, (await exchange.ReadAsync()).ResponseCase);
        var received = new MemoryStream();
        var answer = await exchange.ReadAsync();
        for (; answer.ResponseCase == RequestBody; answer = await exchange.ReadAsync())
        {
            received.Write(answer.Piece().Body.Span);
        }

        Assert.Equal(RequestTrailers, answer.ResponseCase);
        Assert.Equal(body, received.ToArray());
        await AssertResponsePhaseFollowsAsync(exchange);
    }

    [Fact]
    public async Task Trailers_RightBehindTheHeaders_EndAnEmptyBody()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Opaque));
        await exchange.SendRequestTrailersAsync(("x-checksum", "1"));

        var answers = new List<ProcessingResponse>();
        do
        {
            answers.Add(await exchange.ReadAsync());
        }
        while (answers[^1].ResponseCase != RequestTrailers);

        Assert.Equal(RequestHeaders, answers[0].ResponseCase);
        Assert.All(answers.Skip(1).SkipLast(1), answer => Assert.Equal(0, answer.Piece().Body.Length));
        await AssertResponsePhaseFollowsAsync(exchange);
    }

    [Fact]
    public async Task HalfClose_InMidBody_EndsTheStreamWithoutAnAnswer()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(Exchanges.Utf8("{\"model\":"));

        await exchange.HalfCloseAsync();

        Assert.Empty(await exchange.ReadAllAsync());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task HalfClose_RightBehindTheBody_LeavesAllAnswersToCome(int size)
    {
        using var exchange = _client.Open();
        var body = Exchanges.Utf8(Exchanges.Prompt("m", ",\"x\":\"" + new string('a', size) + "\""));
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(body, endOfStream: true);
        await exchange.HalfCloseAsync();

        var answers = await exchange.ReadAllAsync();

        Assert.Equal(RequestHeaders, answers[0].ResponseCase);
        Assert.Equal(body, answers.Skip(1).SelectMany(answer => answer.Piece().Body).ToArray());
        Assert.True(answers[^1].Piece().EndOfStream);
    }

    [Fact]
    public async Task Streams_OfOneConnection_DoNotMix()
    {
        var exchanges = Enumerable.Range(0, 20).Select(_ => _client.Open()).ToList();
        var bodies = exchanges.Select((_, index) => Exchanges.Utf8(Exchanges.Prompt($"m-{index}", ",\"x\":\"" + new string('a', index * 5_000) + "\""))).ToList();
        foreach (var exchange in exchanges)
        {
            await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        }

        for (var part = 0; part < 4; part++)
        {
            for (var i = 0; i < exchanges.Count; i++)
            {
                var quarter = bodies[i].Length / 4;
                await exchanges[i].SendRequestBodyAsync(bodies[i].AsMemory(part * quarter, part < 3 ? quarter : bodies[i].Length - (3 * quarter)), endOfStream: part == 3);
            }
        }

        for (var i = 0; i < exchanges.Count; i++)
        {
            await AssertAnsweredOnceAsync(exchanges[i], bodies[i]);
            exchanges[i].Dispose();
        }
    }

    private static async Task AssertAnsweredOnceAsync(ExtProcExchange exchange, byte[] body)
    {
        Assert.Equal(RequestHeaders, (await exchange.ReadAsync()).ResponseCase);
        var received = new MemoryStream();
        StreamedBodyResponse piece;
        do
        {
            piece = (await exchange.ReadAsync()).Piece();
            received.Write(piece.Body.Span);
        }
        while (!piece.EndOfStream);

        Assert.Equal(body, received.ToArray());
        await AssertResponsePhaseFollowsAsync(exchange);
    }

    /// <summary>Nothing else was answered, and the stream goes on.</summary>
    private static async Task AssertResponsePhaseFollowsAsync(ExtProcExchange exchange)
    {
        await exchange.SendResponseHeadersAsync();
        Assert.Equal(ResponseHeaders, (await exchange.ReadAsync()).ResponseCase);
    }
}
