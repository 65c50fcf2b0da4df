using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Grpc.Core;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.Simulator.ExtProc;
using Orleans.Inference.TestKit;
using static Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace Orleans.Inference.BlackBox.Tests.Streams;

/// <summary>gRPC streams as such: their beginnings, their ends, and messages that are none.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class StreamTests(DefaultPicker picker)
{
    private static readonly Method<byte[], byte[]> Process = new(
        MethodType.DuplexStreaming,
        "envoy.service.ext_proc.v3.ExternalProcessor",
        "Process",
        Marshallers.Create<byte[]>(message => message, message => message),
        Marshallers.Create<byte[]>(message => message, message => message));

    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Fact]
    public async Task Stream_WithoutAMessage_EndsWithOk()
    {
        using var exchange = _client.Open();
        await exchange.HalfCloseAsync();

        Assert.Empty(await exchange.ReadAllAsync());
    }

    [Fact]
    public async Task Stream_OfTheResponsePhaseAlone_IsAnswered()
    {
        using var exchange = _client.Open();
        var response = await exchange.SendResponseAsync(413, [("content-type", "text/plain")], "Payload ", "Too Large");

        Assert.Equal("true", response.SetHeaders["x-went-into-resp-headers"]);
        Assert.Equal("Payload Too Large"u8.ToArray(), response.Body);
        await exchange.HalfCloseAsync();
        Assert.Null(await exchange.TryReadAsync());
    }

    [Fact]
    public async Task Message_ThatIsNoProtobuf_FailsTheStreamAlone()
    {
        using var other = _client.Open();
        await other.SendRequestHeadersAsync(ExtProcExchange.Headers());
        using var call = _client.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(Process, null, default);
        await call.RequestStream.WriteAsync([0x12, 0x7f, 0x01]);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Bounds.Wait));

        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        await other.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: true);
        Assert.Equal(RequestHeaders, (await other.ReadAsync()).ResponseCase);
    }

    [Fact]
    public async Task Message_WithUnknownFields_IsReadWithoutThem()
    {
        // Field 200, a varint, behind a whole message, and as a message of its own.
        byte[] unknown = [0xc0, 0x0c, 0x01];
        using var call = _client.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(Process, null, default);
        await call.RequestStream.WriteAsync([.. ExtProcMessages.RequestHeaders(ExtProcExchange.Headers(), endOfStream: false).ToByteArray(), .. unknown]);
        await call.RequestStream.WriteAsync(unknown);
        await call.RequestStream.WriteAsync(ExtProcMessages.RequestBody(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: true).ToByteArray());

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Bounds.Wait));
        Assert.Equal(RequestHeaders, ProcessingResponse.Parser.ParseFrom(call.ResponseStream.Current).ResponseCase);
    }

    [Theory]
    [InlineData("envoy.service.ext_proc.v3.ExternalProcessor", "Other")]
    [InlineData("envoy.service.ext_proc.v2.ExternalProcessor", "Process")]
    public async Task Method_ThatIsNotThere_IsUnimplemented(string service, string method)
    {
        var other = new Method<byte[], byte[]>(MethodType.DuplexStreaming, service, method, Process.RequestMarshaller, Process.ResponseMarshaller);
        using var call = _client.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(other, null, default);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Bounds.Wait));

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    [Fact]
    public async Task Message_OfABodyBeforeTheHeaders_FailsTheStream()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: true);

        var failure = await Assert.ThrowsAsync<RpcException>(exchange.TryReadAsync);

        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
    }

    [Fact]
    public async Task Reset_InAnyPhase_ReleasesTheStream()
    {
        var exchanges = Enumerable.Range(0, 4).Select(_ => _client.Open()).ToList();
        await exchanges[0].SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchanges[1].SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchanges[1].SendRequestBodyAsync(Exchanges.Utf8("{"));
        await exchanges[2].SendRequestAsync(Exchanges.Prompt("m"));
        await exchanges[3].SendRequestAsync(Exchanges.Prompt("m"));
        await exchanges[3].SendResponseHeadersAsync();
        await exchanges[3].ReadAsync();
        await picker.Picker.AwaitOpenStreamsAsync(4);

        exchanges.ForEach(exchange => exchange.Reset());

        await picker.Picker.AwaitOpenStreamsAsync(0);
    }

    [Fact]
    public async Task Gzip_OfMessages_IsAccepted()
    {
        using var exchange = _client.Open(headers: new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        var body = Exchanges.Prompt("m", ",\"x\":\"" + new string('a', 10_000) + "\"");

        var picked = await exchange.SendRequestAsync(body);

        Assert.Equal(picker.MainServer, picked.Destination);
        Assert.Equal(Exchanges.Utf8(body), picked.Body);
    }

    [Fact]
    public async Task ObservabilityMode_OfAnyMessage_IsNotAnswered()
    {
        using var exchange = _client.Open();
        var messages = new List<ProcessingRequest>
        {
            ExtProcMessages.RequestHeaders(ExtProcExchange.Headers(), endOfStream: false),
            ExtProcMessages.RequestBody(Exchanges.Utf8(Exchanges.Prompt("observed")), endOfStream: true),
            ExtProcMessages.ResponseHeaders([(":status", "200"), ("content-type", "application/json")], endOfStream: false),
            ExtProcMessages.ResponseBody(Exchanges.Utf8("{}"), endOfStream: true),
        };
        foreach (var message in messages)
        {
            message.ObservabilityMode = true;
            await exchange.SendAsync(message);
        }

        await exchange.HalfCloseAsync();

        Assert.Empty(await exchange.ReadAllAsync());
    }

    [Fact]
    public async Task ObservabilityMode_OfARequestThatWouldBeRefused_IsNotAnswered()
    {
        using var exchange = _client.Open();
        foreach (var message in new[]
        {
            ExtProcMessages.RequestHeaders(ExtProcExchange.Headers(), endOfStream: false),
            ExtProcMessages.RequestBody(Exchanges.Utf8("no JSON"), endOfStream: true),
        })
        {
            message.ObservabilityMode = true;
            await exchange.SendAsync(message);
        }

        await exchange.HalfCloseAsync();

        Assert.Empty(await exchange.ReadAllAsync());
    }
}
