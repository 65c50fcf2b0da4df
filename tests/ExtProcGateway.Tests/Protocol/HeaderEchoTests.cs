using System.Buffers;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.Answers;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>The received headers that the answers repeat.</summary>
public sealed class HeaderEchoTests : IDisposable
{
    private const string Completion = """{"model":"m","prompt":"hello"}""";

    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000");

    public void Dispose() => _fixture.Dispose();

    private HeaderMutation Exchange(params (string Key, string Value)[] headers)
    {
        _fixture.Send(Headers(more: headers));
        _fixture.Send(Body(Completion));
        return Mutation(_fixture.Answers[0]);
    }

    [Fact]
    public void RequestHeaders_AreRepeatedOnce_BehindDestinationAndLength()
    {
        var mutation = Exchange(("hi", "mom"), ("x-request-id", "r1"));

        Assert.Equal(["x-gateway-destination-endpoint", "Content-Length", ":method", ":path", "hi", "x-request-id"], mutation.SetHeaders.Select(h => h.Header.Key));
        Assert.Equal("mom", Header(mutation, "hi"));
        Assert.Equal("/v1/completions", Header(mutation, ":path"));
        Assert.All(mutation.SetHeaders, h => Assert.Empty(h.Header.Value));
        Assert.Empty(mutation.RemoveHeaders);
    }

    [Theory]
    [InlineData("x-llm-d-inference-objective")]
    [InlineData("x-gateway-inference-objective")]
    [InlineData("x-llm-d-inference-fairness-id")]
    [InlineData("x-gateway-inference-fairness-id")]
    [InlineData("x-llm-d-model-name-rewrite")]
    [InlineData("x-gateway-model-name-rewrite")]
    [InlineData("x-llm-d-slo-ttft-ms")]
    [InlineData("x-slo-ttft-ms")]
    [InlineData("x-llm-d-slo-tpot-ms")]
    [InlineData("X-SLO-TPOT-MS")]
    [InlineData("x-gateway-destination-endpoint-subset")]
    [InlineData("x-gateway-destination-endpoint-served")]
    [InlineData("x-llm-d-video-fps")]
    [InlineData("x-llm-d-video-duration-seconds")]
    [InlineData("x-llm-d-video-resolution")]
    [InlineData("x-llm-d-request-dropped-reason")]
    public void ControlHeader_IsNotRepeated(string name) => Assert.False(Sets(Exchange((name, "1")), name));

    [Fact]
    public void ClientsOwnDestinationAndLength_AreOverruled()
    {
        var mutation = Exchange(("x-gateway-destination-endpoint", "6.6.6.6:6"), ("content-length", "7"));

        Assert.Equal("10.0.0.1:8000", Header(mutation, "x-gateway-destination-endpoint"));
        Assert.Equal($"{Completion.Length}", Header(mutation, "Content-Length"));
        Assert.DoesNotContain(mutation.SetHeaders, h => h.Header.Key == "content-length");
    }

    [Fact]
    public void HeaderThatOccursTwice_IsLeftAsItIs()
    {
        var mutation = Exchange(("accept", "a"), ("x-twice", "1"), ("X-Twice", "2"), ("x-twicf", "3"), ("x-trice", "4"));

        Assert.False(Sets(mutation, "x-twice"));
        Assert.Equal("a", Header(mutation, "accept"));
        Assert.Equal("3", Header(mutation, "x-twicf"));
        Assert.Equal("4", Header(mutation, "x-trice"));
    }

    [Fact]
    public void EmptyHeader_IsLeftAsItIs() => Assert.False(Sets(Exchange(("x-empty", "")), "x-empty"));

    [Fact]
    public void NameInCapitals_IsRepeatedInLowerCase() => Assert.Equal("v", Header(Exchange(("X-Some-Name", "v")), "x-some-name"));

    /// <summary>An answer whose protobuf strings are no UTF-8 would fail at a strict client as a whole.</summary>
    [Theory]
    [InlineData((byte)0xFF)]
    [InlineData((byte)0xC3)]
    [InlineData((byte)0x7F)]
    [InlineData((byte)' ')]
    [InlineData((byte)0)]
    public void NameThatIsNone_IsLeftOut(byte character)
    {
        SendWith("x-a?b"u8, character, "x-good");

        Assert.Equal(["x-gateway-destination-endpoint", "Content-Length", "x-request-id", ":method", ":path", "x-good"], Mutation(_fixture.Answers[0]).SetHeaders.Select(h => h.Header.Key));
    }

    [Fact]
    public void ValueThatIsNoText_IsRepeatedAsItIs()
    {
        SendWith("v?w"u8, 0xFF, "x-bytes", "v?w");

        Assert.Equal([(byte)'v', 0xFF, (byte)'w'], Mutation(_fixture.Answers[0]).SetHeaders.Single(h => h.Header.Key == "x-bytes").Header.RawValue.ToByteArray());
    }

    [Fact]
    public void HeaderThatOccursAgainBeyondTheLimit_IsLeftAsItIs()
    {
        (string, string)[] headers = [("x-twice", "1"), .. Enumerable.Range(0, 130).Select(i => ($"x-{i}", "v")), ("X-Twice", "2")];

        var mutation = Exchange(headers);

        Assert.False(Sets(mutation, "x-twice"));
        Assert.True(Sets(mutation, "x-124"));
        Assert.False(Sets(mutation, "x-125"));
    }

    /// <summary>Sends a header that protobuf's own writer would not make: one character of <paramref name="text"/>, its '?', is another byte.</summary>
    private void SendWith(ReadOnlySpan<byte> text, byte character, string name, string? value = null)
    {
        var message = Headers(more: value is null ? [("x-a?b", "v"), (name, "v")] : [(name, value)]).ToByteArray();
        message[message.AsSpan().IndexOf(text) + text.IndexOf((byte)'?')] = character;
        _fixture.Handler.OnMessage(new ReadOnlySequence<byte>(message));
        _fixture.Send(Body(Completion));
    }

    [Fact]
    public void OldStyleValue_IsRepeatedAsRawValue()
    {
        var headers = Headers();
        headers.RequestHeaders.Headers.Headers.Add(new HeaderValue { Key = "x-old", Value = "text" });
        _fixture.Send(headers);
        _fixture.Send(Body(Completion));

        Assert.Equal("text", Header(Mutation(_fixture.Answers[0]), "x-old"));
    }

    [Fact]
    public void ManyAndLongHeaders_AreRepeatedWithoutTrouble()
    {
        var many = Enumerable.Range(0, 100).Select(i => ($"x-{i}", new string((char)('a' + (i % 26)), 500))).ToArray();

        var mutation = Exchange(many);

        Assert.All(many, header => Assert.Equal(header.Item2, Header(mutation, header.Item1)));
    }

    [Fact]
    public void MoreThanCanBeRepeated_IsLeftAsItIs()
    {
        var mutation = Exchange(("x-long", new string('x', 70_000)));

        Assert.False(Sets(mutation, "x-long"));
        Assert.Equal("10.0.0.1:8000", Header(mutation, "x-gateway-destination-endpoint"));
    }

    [Fact]
    public void BodylessRequest_RepeatsNothing()
    {
        _fixture.Send(Headers(end: true, more: [("hi", "mom"), ("x-request-id", "r")]));

        Assert.Equal(["x-gateway-destination-endpoint"], Mutation(_fixture.Answers[0]).SetHeaders.Select(h => h.Header.Key));
    }

    [Fact]
    public void ResponseHeaders_AreRepeatedBehindTheMark_ButNotTwoCookies()
    {
        var headers = new HttpHeaders { Headers = new HeaderMap() };
        foreach (var (key, value) in new[] { (":status", "200"), ("X-Server", "s"), ("set-cookie", "a=1"), ("set-cookie", "b=2"), ("content-length", "5"), ("x-gateway-destination-endpoint", "1.1.1.1:1") })
        {
            headers.Headers.Headers.Add(new HeaderValue { Key = key, RawValue = ByteString.CopyFromUtf8(value) });
        }

        _fixture.Send(new ProcessingRequest { ResponseHeaders = headers });

        Assert.Equal(["x-went-into-resp-headers", ":status", "X-Server"], Mutation(_fixture.Answers[0]).SetHeaders.Select(h => h.Header.Key));
        Assert.False(_fixture.Answers[0].ResponseHeaders.Response.ClearRouteCache);
    }
}
