using System.Net;
using System.Net.Sockets;
using System.Text;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using Orleans.Inference.Simulator.ExtProc;
using Orleans.Inference.Simulator.ModelServer;
using Orleans.Inference.Simulator.Proxy;
using Orleans.Inference.TestKit;
using Message = Envoy.Service.ExtProc.V3.ProcessingRequest.RequestOneofCase;

namespace Orleans.Inference.Simulator.Tests.Proxy;

public sealed class ProxyTests : IAsyncLifetime
{
    private const string Body = /*lang=json*/ """{"model":"sim","prompt":"to be or not","max_tokens":3}""";

    private ScriptedPicker _picker = null!;
    private ModelServerHost _servers = null!;
    private ProxyHost _proxy = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _picker = await ScriptedPicker.StartAsync();
        _servers = await ModelServerHost.StartAsync(new ModelServerOptions { Port = 0, Count = 2, VaryPort = true }, TimeProvider.System, default);
        _proxy = await ProxyHost.StartAsync(new ProxyOptions { Port = 0, ExtProc = _picker.Address }, default);
        _client = new HttpClient { BaseAddress = new Uri(_proxy.Address), Timeout = Bounds.Wait };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _servers.DisposeAsync();
        await _picker.DisposeAsync();
    }

    [Fact]
    public async Task Post_PickedByHeader_IsAnsweredByThatServerAndTheStreamIsReset()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[1].Name);

        using var response = await PostAsync(Body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(_servers.Servers[1].Name, Assert.Single(response.Headers.GetValues("x-simulator-server")));
        Assert.Contains("\"completion_tokens\":3", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("reset", await _picker.NextEndAsync());
    }

    [Fact]
    public async Task Post_SendsWhatEnvoySends()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[0].Name);

        using var response = await PostAsync(Body);
        await _picker.NextEndAsync();

        Assert.Equal(
            [Message.RequestHeaders, Message.RequestBody, Message.RequestBody, Message.ResponseHeaders, Message.ResponseBody, Message.ResponseBody],
            _picker.Received.Select(message => message.RequestCase));
        Assert.All(_picker.Received, message => Assert.NotNull(message.MetadataContext));
        Assert.Equal(
            new ProtocolConfiguration
            {
                RequestBodyMode = ProcessingMode.Types.BodySendMode.FullDuplexStreamed,
                ResponseBodyMode = ProcessingMode.Types.BodySendMode.FullDuplexStreamed,
            },
            _picker.Received[0].ProtocolConfig);
        Assert.All(_picker.Received.Skip(1), message => Assert.Null(message.ProtocolConfig));

        var headers = _picker.Received[0].RequestHeaders;
        Assert.False(headers.EndOfStream);
        Assert.Equal([":authority", ":path", ":method", ":scheme"], headers.Headers.Headers.Take(4).Select(header => header.Key));
        Assert.All(headers.Headers.Headers, header => Assert.True(header.Value.Length == 0 && header.RawValue.Length > 0));
        Assert.Contains(headers.Headers.Headers, header => header.Key == "x-request-id");
        Assert.Equal(Body, _picker.Received[1].RequestBody.Body.ToStringUtf8());
        Assert.False(_picker.Received[1].RequestBody.EndOfStream);
        Assert.True(_picker.Received[2].RequestBody is { EndOfStream: true, Body.Length: 0 });
        Assert.Contains(_picker.Received[3].ResponseHeaders.Headers.Headers, header => header.Key == ":status" && ExtProcMessages.ValueOf(header) == "200");
        Assert.True(_picker.Received[5].ResponseBody is { EndOfStream: true, Body.Length: 0 });
        var served = _picker.Received[3].MetadataContext.FilterMetadata[ExtProcMessages.LoadBalancingNamespace];
        Assert.Equal(_servers.Servers[0].Name, served.Fields[ExtProcMessages.DestinationEndpointServed].StringValue);
        Assert.Equal("true", _picker.Headers!.GetValue("x-envoy-internal"));
    }

    [Fact]
    public async Task Post_PickedByMetadata_IsAnsweredByThatServer()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[1].Name, inMetadata: true);

        using var response = await PostAsync(Body);

        Assert.Equal(_servers.Servers[1].Name, Assert.Single(response.Headers.GetValues("x-simulator-server")));
    }

    [Fact]
    public async Task Post_PickerChangesBodyAndHeaders_BothReachTheServerAndTheClient()
    {
        var changed = Encoding.UTF8.GetBytes(/*lang=json*/ """{"model":"sim","prompt":"x","max_tokens":7}""");
        _picker.Script = message => message.RequestCase switch
        {
            Message.RequestBody when message.RequestBody.EndOfStream =>
            [
                ScriptedPicker.Pick(_servers.Servers[0].Name, false, ("x-request-id", "from-the-picker"), ("content-length", "9999")),
                ScriptedPicker.RequestBody(ByteString.CopyFrom(changed, 0, 10), false),
                ScriptedPicker.RequestBody(ByteString.CopyFrom(changed, 10, changed.Length - 10), true),
            ],
            Message.ResponseHeaders => [ScriptedPicker.ResponseHeaders(("x-went-into-resp-headers", "true"))],
            Message.ResponseBody when message.ResponseBody.EndOfStream => [ScriptedPicker.ResponseBody(ByteString.CopyFromUtf8("!"), true)],
            Message.ResponseBody => [ScriptedPicker.ResponseBody(message.ResponseBody.Body, false)],
            _ => [],
        };

        using var response = await PostAsync(Body);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("true", Assert.Single(response.Headers.GetValues("x-went-into-resp-headers")));
        Assert.Contains("\"completion_tokens\":7", text, StringComparison.Ordinal);
        Assert.Contains("cmpl-from-the-picker", text, StringComparison.Ordinal);
        Assert.EndsWith("}!", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WithoutBody_HeadersEndTheRequest()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[0].Name);

        using var response = await _client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await _picker.NextEndAsync();
        Assert.True(_picker.Received[0].RequestHeaders.EndOfStream);
        Assert.Equal(Message.ResponseHeaders, _picker.Received[1].RequestCase);
    }

    [Fact]
    public async Task Get_ResponseWithoutBody_EndsWithItsHeaders()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[0].Name);

        using var response = await _client.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await _picker.NextEndAsync();
        Assert.True(_picker.Received[^1].ResponseHeaders.EndOfStream);
    }

    [Fact]
    public async Task Post_LargeBody_ArrivesWhole()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[0].Name);
        var prompt = string.Join(' ', Enumerable.Repeat("word", 20_000));

        using var response = await PostAsync($$"""{"model":"sim","prompt":"{{prompt}}","max_tokens":1}""");

        Assert.Contains("\"prompt_tokens\":20000", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Streamed_PiecesPassOneByOne()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[0].Name);

        using var response = await PostAsync(/*lang=json*/ """{"model":"sim","prompt":"x","max_tokens":5,"stream":true}""");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(6, text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ImmediateResponse_IsWhatTheClientGets()
    {
        var immediate = new ImmediateResponse { Status = new HttpStatus { Code = StatusCode.TooManyRequests }, Body = ByteString.CopyFromUtf8("too many"), Headers = new HeaderMutation() };
        immediate.Headers.SetHeaders.Add(ScriptedPicker.Option("x-reason", "saturated"));
        _picker.Script = message => message.RequestCase == Message.RequestBody && message.RequestBody.EndOfStream
            ? [new ProcessingResponse { ImmediateResponse = immediate }]
            : [];

        using var response = await PostAsync(Body);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("saturated", Assert.Single(response.Headers.GetValues("x-reason")));
        Assert.Equal("too many", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Post_FirstDestinationIsDead_TheNextOneServes()
    {
        var dead = $"127.0.0.1:{Loopback.FreePort()}";
        _picker.Script = ScriptedPicker.PassThrough($"{dead},{_servers.Servers[1].Name}");

        using var response = await PostAsync(Body);

        Assert.Equal(_servers.Servers[1].Name, Assert.Single(response.Headers.GetValues("x-simulator-server")));
    }

    [Fact]
    public async Task Post_NoDestinationCanBeReached_503ThatThePickerSees()
    {
        _picker.Script = ScriptedPicker.PassThrough($"127.0.0.1:{Loopback.FreePort()}");

        using var response = await PostAsync(Body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await _picker.NextEndAsync();
        var headers = _picker.Received.Single(message => message.RequestCase == Message.ResponseHeaders).ResponseHeaders.Headers.Headers;
        Assert.Equal("503", ExtProcMessages.ValueOf(headers.Single(header => header.Key == ":status")));
    }

    [Fact]
    public async Task Post_BodyAnswerBeforeTheHeadersAnswer_500()
    {
        _picker.Script = _ => [ScriptedPicker.RequestBody(ByteString.Empty, true)];

        using var response = await PostAsync(Body);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("spurious", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_PickerEndsTheStreamAfterTheRequestPhase_TheResponsePassesUnseen()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[0].Name);
        _picker.ClosesAfter = message => message.RequestBody is { EndOfStream: true };

        using var response = await PostAsync(Body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"completion_tokens\":3", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("closed by the picker", await _picker.NextEndAsync());
    }

    [Fact]
    public async Task Post_PickerEndsTheStreamBeforeItsPick_500()
    {
        _picker.ClosesAfter = message => message.RequestBody is { EndOfStream: true };

        using var response = await PostAsync(Body);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task Post_PickerIsDead_500()
    {
        await using var proxy = await ProxyHost.StartAsync(new ProxyOptions { Port = 0, ExtProc = $"127.0.0.1:{Loopback.FreePort()}" }, default);
        using var client = new HttpClient { BaseAddress = new Uri(proxy.Address), Timeout = Bounds.Wait };

        using var response = await client.PostAsync("/v1/completions", Json(Body));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task ClientLeaves_WhileTheResponseStreams_TheStreamIsHalfClosed()
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[0].Name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = Json(/*lang=json*/ """{"model":"sim","prompt":"x","max_tokens":10000,"stream":true}"""),
        };

        using (var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal("half-closed", await _picker.NextEndAsync());
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("4\r\nhalf")]
    public async Task ClientBreaksOff_WithinItsBody_TheStreamIsHalfClosed(string body)
    {
        _picker.Script = ScriptedPicker.PassThrough(_servers.Servers[0].Name);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(_client.BaseAddress!.Host, _client.BaseAddress.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/completions HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n{body}"));
            await _picker.NextMessageAsync();
        }

        Assert.Equal("half-closed", await _picker.NextEndAsync());
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private Task<HttpResponseMessage> PostAsync(string body) => _client.PostAsync("/v1/completions", Json(body));
}
