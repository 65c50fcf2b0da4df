using System.Globalization;
using System.Text;
using Envoy.Service.ExtProc.V3;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.Simulator.ExtProc;
using Orleans.Inference.TestKit;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using static Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace Orleans.Inference.BlackBox.Tests.Modes;

/// <summary>How bodies are exchanged, as the first message of a stream says; FULL_DUPLEX_STREAMED is what all other tests speak.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class ModeTests(DefaultPicker picker)
{
    private const string Destination = "x-gateway-destination-endpoint";

    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Fact]
    public async Task NoProtocolConfiguration_IsFullDuplex()
    {
        // As sent by gateways from before the field, and by the reference pickers' own tests.
        using var exchange = Open(null);
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: true);

        Assert.Equal(RequestHeaders, (await exchange.ReadAsync()).ResponseCase);
        Assert.Equal(Exchanges.Prompt("m"), (await exchange.ReadAsync()).Piece().Body.ToStringUtf8());
        Assert.Equal("{}", Encoding.UTF8.GetString((await exchange.SendResponseAsync(200, [("content-type", "application/json")], "{}")).Body));
    }

    [Theory]
    [InlineData("m", false)]
    [InlineData("base", true)]
    public async Task Buffered_Request_IsAnsweredAtOnceAndPickedWithItsBody(string model, bool changed)
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = Buffered, ResponseBodyMode = Buffered });
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        var headers = await exchange.ReadAsync();
        Assert.Equal(RequestHeaders, headers.ResponseCase);
        Assert.Null(headers.SetHeader(Destination));

        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt(model)), endOfStream: true);
        var body = await exchange.ReadAsync();

        Assert.Equal(RequestBody, body.ResponseCase);
        Assert.Equal(picker.MainServer, body.SetHeader(Destination));
        Assert.Equal(picker.MainServer, ExtProcMessages.MetadataDestinationOf(body));
        Assert.True(headers.RequestHeaders.Response?.ClearRouteCache == true || body.RequestBody.Response.ClearRouteCache);
        AssertBuffered(Exchanges.Prompt(changed ? "base-v2" : model), Exchanges.Prompt(model), body.RequestBody.Response);
        await AssertAliveAsync(exchange);
    }

    [Fact]
    public async Task Buffered_RequestWithTrailers_IsAnsweredBeforeThey()
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = Buffered, ResponseBodyMode = Buffered });
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.ReadAsync();

        // Envoy sends the trailers when the body is answered.
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: false);
        Assert.Equal(picker.MainServer, (await exchange.ReadAsync()).SetHeader(Destination));
        await exchange.SendRequestTrailersAsync(("x-checksum", "1"));

        Assert.Equal(RequestTrailers, (await exchange.ReadAsync()).ResponseCase);
    }

    [Fact]
    public async Task Buffered_RequestThatIsNoGood_IsRefusedWithItsBody()
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = Buffered, ResponseBodyMode = Buffered });
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.ReadAsync();
        await exchange.SendRequestBodyAsync(Exchanges.Utf8("""{"prompt":"x"}"""), endOfStream: true);

        Assert.Equal(new Refusal(400, "inference error: BadRequest - model not found in request body"), Refusal.Of(await exchange.ReadAsync()));
        Assert.Null(await exchange.TryReadAsync());
    }

    [Theory]
    [InlineData("m", "unused")]
    [InlineData("base", "base-v2")]
    public async Task Buffered_Response_IsAnsweredOnce(string model, string served)
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = Buffered, ResponseBodyMode = Buffered });
        await exchange.SendRequestAsync(Exchanges.Prompt(model));
        await exchange.SendResponseHeadersAsync(200, false, ("content-type", "application/json"));
        Assert.Equal("true", (await exchange.ReadAsync()).SetHeader("x-went-into-resp-headers"));
        var body = $$"""{"model":"{{served}}"}""";
        await exchange.SendResponseBodyAsync(Exchanges.Utf8(body), endOfStream: true);

        var answer = await exchange.ReadAsync();

        Assert.Equal(ResponseBody, answer.ResponseCase);
        AssertBuffered(served == "base-v2" ? """{"model":"base"}""" : body, body, answer.ResponseBody.Response);
        await exchange.HalfCloseAsync();
        Assert.Null(await exchange.TryReadAsync());
    }

    [Fact]
    public async Task Buffered_ResponseWithTrailers_IsAnsweredBeforeThey()
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = Buffered, ResponseBodyMode = Buffered });
        await exchange.SendRequestAsync(Exchanges.Prompt("base"));
        await exchange.SendResponseHeadersAsync(200, false, ("content-type", "application/json"));
        await exchange.ReadAsync();
        const string Body = """{"model":"base-v2"}""";
        await exchange.SendResponseBodyAsync(Exchanges.Utf8(Body), endOfStream: false);

        AssertBuffered("""{"model":"base"}""", Body, (await exchange.ReadAsync()).ResponseBody.Response);
        await exchange.SendResponseTrailersAsync(("grpc-status", "0"));

        Assert.Equal(ResponseTrailers, (await exchange.ReadAsync()).ResponseCase);
    }

    [Fact]
    public async Task Streamed_RequestWhoseBodyWaits_IsPickedWithItsHeaders()
    {
        // Envoy sends the body when the headers are answered: who waits for it, waits for ever.
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = Streamed, ResponseBodyMode = Streamed });
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        var headers = await exchange.ReadAsync();
        Assert.Equal(picker.MainServer, headers.SetHeader(Destination));
        Assert.Equal(picker.MainServer, ExtProcMessages.MetadataDestinationOf(headers));
        var body = Exchanges.Prompt("m");

        Assert.Equal(body, await SendStreamedAsync(exchange, body, 10));
        await AssertAliveAsync(exchange);
    }

    [Theory]
    [InlineData("m", "m")]
    [InlineData("base", "base-v2")]
    public async Task Streamed_RequestWhoseBodyComesUnasked_IsPickedWithItsBody(string model, string target)
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = Streamed, ResponseBodyMode = Streamed, SendBodyWithoutWaitingForHeaderResponse = true });
        var body = Exchanges.Utf8(Exchanges.Prompt(model, ",\"x\":\"" + new string('a', 100_000) + "\""));
        var pieces = body.Chunk(16_384).ToList();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        for (var i = 0; i < pieces.Count; i++)
        {
            await exchange.SendRequestBodyAsync(pieces[i], endOfStream: i == pieces.Count - 1);
        }

        var headers = await exchange.ReadAsync();
        Assert.Equal(picker.MainServer, headers.SetHeader(Destination));
        var received = new MemoryStream();
        foreach (var piece in pieces)
        {
            received.Write(Apply(piece, (await exchange.ReadAsync()).RequestBody.Response));
        }

        Assert.Equal(Exchanges.Prompt(target, ",\"x\":\"" + new string('a', 100_000) + "\""), Encoding.UTF8.GetString(received.ToArray()));
        await AssertAliveAsync(exchange);
    }

    [Fact]
    public async Task Streamed_RequestLargerThanEnvoysBuffer_IsAnsweredBeforeItsEnd()
    {
        // Envoy keeps up to 1 MiB of pieces without an answer, and sends no more then.
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = Streamed, ResponseBodyMode = Streamed, SendBodyWithoutWaitingForHeaderResponse = true });
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        var pieces = Exchanges.Utf8(Exchanges.Prompt("m", ",\"x\":\"" + new string('a', 2_000_000) + "\"")).Chunk(65_536).ToList();
        var (sent, unanswered) = (0, 0);
        for (; unanswered <= 1 << 20; unanswered += pieces[sent++].Length)
        {
            await exchange.SendRequestBodyAsync(pieces[sent]);
        }

        Assert.Equal(picker.MainServer, (await exchange.ReadAsync()).SetHeader(Destination));
        var received = new MemoryStream();
        for (var answered = 0; answered < pieces.Count; answered++)
        {
            if (answered >= sent)
            {
                await exchange.SendRequestBodyAsync(pieces[sent], endOfStream: ++sent == pieces.Count);
            }

            received.Write(Apply(pieces[answered], (await exchange.ReadAsync()).RequestBody.Response));
        }

        Assert.Equal(pieces.SelectMany(piece => piece).ToArray(), received.ToArray());
        await AssertAliveAsync(exchange);
    }

    [Fact]
    public async Task BufferedPartial_RequestLargerThanEnvoysBuffer_IsPickedWithItsBeginning()
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = BufferedPartial, ResponseBodyMode = BufferedPartial });
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.ReadAsync();
        var beginning = Exchanges.Utf8("{\"model\":\"m\",\"prompt\":\"" + new string('a', 100_000));

        // The rest is not sent, neither before nor after the answer.
        await exchange.SendRequestBodyAsync(beginning, endOfStream: false);
        var answer = await exchange.ReadAsync();

        Assert.Equal(picker.MainServer, answer.SetHeader(Destination));
        Assert.Equal(beginning, Apply(beginning, answer.RequestBody.Response));
        await AssertAliveAsync(exchange);
    }

    [Fact]
    public async Task BufferedPartial_RequestThatIsWhole_IsReadAsAWhole()
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = BufferedPartial, ResponseBodyMode = BufferedPartial });
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.ReadAsync();
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("base")), endOfStream: true);
        var answer = await exchange.ReadAsync();

        Assert.Equal(picker.MainServer, answer.SetHeader(Destination));
        AssertBuffered(Exchanges.Prompt("base-v2"), Exchanges.Prompt("base"), answer.RequestBody.Response);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task Streamed_Response_IsAnsweredPieceByPiece(string contentType)
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = FullDuplexStreamed, ResponseBodyMode = Streamed });
        await exchange.SendRequestAsync(Exchanges.Prompt("base"));
        await exchange.SendResponseHeadersAsync(200, false, ("content-type", contentType));
        await exchange.ReadAsync();
        const string Body = "data: {\"model\":\"base-v2\",\"a\":1}\n\ndata: {\"model\":\"base-v2\",\"a\":2}\n\n";
        var received = new StringBuilder();
        foreach (var piece in Body.Chunk(20).Select(chunk => new string(chunk)).Append(""))
        {
            await exchange.SendResponseBodyAsync(Exchanges.Utf8(piece), endOfStream: piece.Length == 0);
            var answer = await exchange.ReadAsync();
            Assert.Equal(ResponseBody, answer.ResponseCase);
            received.Append(Encoding.UTF8.GetString(Apply(Exchanges.Utf8(piece), answer.ResponseBody.Response)));
        }

        Assert.Equal(Body.Replace("base-v2", "base", StringComparison.Ordinal), received.ToString());
    }

    [Fact]
    public async Task None_ForTheRequest_IsPickedWithItsHeaders()
    {
        using var exchange = Open(new ProtocolConfiguration());
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());

        var answer = await exchange.ReadAsync();

        Assert.Equal(RequestHeaders, answer.ResponseCase);
        Assert.Equal(picker.MainServer, answer.SetHeader(Destination));
        Assert.Equal(picker.MainServer, ExtProcMessages.MetadataDestinationOf(answer));
        Assert.Null(answer.SetHeader("content-length"));
        await AssertAliveAsync(exchange);
        await exchange.HalfCloseAsync();
        Assert.Null(await exchange.TryReadAsync());
    }

    [Fact]
    public async Task None_ForTheResponse_IsAnsweredWithItsHeaders()
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = FullDuplexStreamed });
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        await AssertAliveAsync(exchange);
        await exchange.HalfCloseAsync();
        Assert.Null(await exchange.TryReadAsync());
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(Streamed)]
    [InlineData(Buffered)]
    [InlineData(FullDuplexStreamed)]
    public async Task EmptyPool_InEveryMode_IsRefused(BodySendMode mode)
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = mode }, DefaultPicker.Empty);
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        if (mode is Buffered)
        {
            await exchange.ReadAsync();
        }

        if (mode is Buffered or FullDuplexStreamed)
        {
            await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: true);
        }

        Assert.Equal(503, Refusal.Of(await exchange.ReadAsync()).Status);
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(Streamed)]
    [InlineData(Buffered)]
    [InlineData(BufferedPartial)]
    public async Task Bodyless_InEveryMode_IsPickedWithItsHeaders(BodySendMode mode)
    {
        using var exchange = Open(new ProtocolConfiguration { RequestBodyMode = mode, ResponseBodyMode = mode });
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET"), endOfStream: true);

        Assert.Equal(picker.MainServer, (await exchange.ReadAsync()).SetHeader(Destination));
        await AssertAliveAsync(exchange);
    }

    private ExtProcExchange Open(ProtocolConfiguration? protocol, string service = DefaultPicker.Main) => new(
        new ExtProcStream(picker.ClientOf(service).Client, protocol!, headers: null, CancellationToken.None), protocol?.RequestBodyMode ?? FullDuplexStreamed);

    private static async Task<string> SendStreamedAsync(ExtProcExchange exchange, string body, int size)
    {
        var received = new MemoryStream();
        var pieces = Exchanges.Utf8(body).Chunk(size).Append([]).ToList();
        foreach (var piece in pieces)
        {
            await exchange.SendRequestBodyAsync(piece, endOfStream: piece.Length == 0);
            received.Write(Apply(piece, (await exchange.ReadAsync()).RequestBody.Response));
        }

        return Encoding.UTF8.GetString(received.ToArray());
    }

    private static async Task AssertAliveAsync(ExtProcExchange exchange)
    {
        await exchange.SendResponseHeadersAsync();
        Assert.Equal(ResponseHeaders, (await exchange.ReadAsync()).ResponseCase);
    }

    /// <summary>Envoy takes a changed length in this mode only together with its header.</summary>
    private static void AssertBuffered(string expected, string sent, CommonResponse? response)
    {
        Assert.Equal(expected, Encoding.UTF8.GetString(Apply(Exchanges.Utf8(sent), response)));
        var length = response?.HeaderMutation?.SetHeaders
            .SingleOrDefault(option => option.Header.Key.Equals("content-length", StringComparison.OrdinalIgnoreCase));
        if (length is not null || expected.Length != sent.Length)
        {
            Assert.Equal(expected.Length.ToString(CultureInfo.InvariantCulture), ExtProcMessages.ValueOf(length?.Header));
        }
    }

    /// <summary>What Envoy makes of a piece, by an answer to it, in all modes but FULL_DUPLEX_STREAMED: there, a streamed response is refused.</summary>
    private static byte[] Apply(byte[] piece, CommonResponse? response) => response?.BodyMutation?.MutationCase switch
    {
        null or BodyMutation.MutationOneofCase.None => piece,
        BodyMutation.MutationOneofCase.Body => response.BodyMutation.Body.ToByteArray(),
        BodyMutation.MutationOneofCase.ClearWholeBody => response.BodyMutation.ClearWholeBody ? [] : piece,
        var other => throw new InvalidOperationException($"A mutation out of place: {other}"),
    };
}
