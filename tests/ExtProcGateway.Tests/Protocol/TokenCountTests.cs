using Orleans.Inference.ExtProcGateway.Tests.Requests;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.Answers;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>What a <c>token-producer</c> says decides where requests go that are sent by the length of their prompts.</summary>
public sealed class TokenCountTests : IDisposable
{
    private const string ByLength = """
        plugins:
        - type: context-length-aware
          parameters: {label: range, enableFiltering: true}
        - type: max-score-picker

        """;

    private const string Producer = "- type: token-producer\n";

    /// <summary>In 37 bytes, and a request around them, of which a quarter are less than 100 tokens.</summary>
    private static readonly string Picture = Block("image", Pictures.DataUrl(Pictures.Png(1280, 720)));

    private static readonly string Video = Block("video", "http://x/v.mp4");

    private readonly ExtProcFixture _fixture = new("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");

    public TokenCountTests() => _fixture.SetLabels("range", "0-500", "501-2000", "2001-100000");

    public void Dispose() => _fixture.Dispose();

    private static string Block(string kind, string url) => $$$"""{"type":"{{{kind}}}_url","{{{kind}}}_url":{"url":"{{{url}}}"}}""";

    private string Ask(string block, params (string Key, string Value)[] headers)
    {
        var call = new FakeCall();
        var handler = _fixture.NewHandler(call);
        FakeCall.Send(handler, ExtProcFixture.Headers(path: "/v1/chat/completions", more: headers));
        FakeCall.Send(handler, ExtProcFixture.Body($$"""{"model":"m","messages":[{"role":"user","content":[{{block}}]}]}"""));
        return Destination(call.Answers[0]);
    }

    [Fact]
    public void Picture_WithAProducer_CountsByItsSize()
    {
        _fixture.Configure(ByLength + Producer);

        Assert.Equal("10.0.0.2:80", Ask(Picture)); // 900 tokens and one of "user"
        Assert.Equal("10.0.0.1:80", Ask(Block("image", "http://x/p.png"))); // 226
    }

    [Fact]
    public void Picture_WithItsParameters_CountsByThem()
    {
        _fixture.Configure(ByLength + Producer + "  parameters: {estimate: {image: {mode: static, static: {staticToken: 3000}}}}\n");

        Assert.Equal("10.0.0.3:80", Ask(Picture));
    }

    /// <summary>The decider needs the tokens, so a producer is added, with the defaults.</summary>
    [Fact]
    public void Picture_WithAnImpliedProducer_CountsByItsSize()
    {
        _fixture.Configure(ByLength + "- type: always-disagg-multimodal-decider\n");

        Assert.Equal("10.0.0.2:80", Ask(Picture)); // as with one that is listed
    }

    /// <summary>The scorer itself asks for the tokens: what else is in the body does not count.</summary>
    [Fact]
    public void Text_WithTheScorerAlone_CountsTheTokensAndNotTheBody()
    {
        _fixture.Configure(ByLength);

        Assert.Equal("10.0.0.1:80", Ask("""{"type":"text","text":"hi"}""", ("x-unused", "1")));
        Assert.Equal("10.0.0.1:80", Ask("""{"type":"text","text":"hi","x":"X"}""".Replace("X", new string('x', 100_000), StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "10.0.0.3:80")] // 20 frames of 225
    [InlineData("x-llm-d-video-duration-seconds: 2", "10.0.0.2:80")] // 4 frames: 900
    [InlineData("x-llm-d-video-duration-seconds: 0.5", "10.0.0.1:80")] // 1 frame: 225
    [InlineData("x-llm-d-video-resolution: 64x64", "10.0.0.1:80")] // 20 frames of 4: 80
    [InlineData("X-LLM-D-Video-Resolution: 320X180", "10.0.0.2:80")] // 20 frames of 56: 1,120
    [InlineData("x-llm-d-video-duration-seconds: -2", "10.0.0.3:80")] // no length, so the default
    [InlineData("x-llm-d-video-resolution: 64", "10.0.0.3:80")]
    [InlineData("x-llm-d-video-duration-seconds: 2, x-llm-d-video-duration-seconds: two", "10.0.0.3:80")] // the last one counts, and is none
    public void Video_WithAProducer_CountsByTheHeaders(string headers, string expected)
    {
        _fixture.Configure(ByLength + Producer);

        Assert.Equal(expected, Ask(Video, [.. headers.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(header => (header.Split(": ")[0], header.Split(": ")[1]))]));
    }

    [Fact]
    public void Video_Strided_CountsByItsFrameRate()
    {
        _fixture.Configure(ByLength + """
            - type: token-producer
              parameters:
                estimate:
                  video:
                    tokensPerFrame: {mode: static, static: {numTokensPerFrame: 10} }
                    frames: {mode: strided, strided: {frameStride: 2} }

            """);

        Assert.Equal("10.0.0.2:80", Ask(Video)); // 10 s · 24 / 2 = 120 frames of 10: 1,200
        Assert.Equal("10.0.0.1:80", Ask(Video, ("x-llm-d-video-fps", "6"))); // 30 frames: 300
        Assert.Equal("10.0.0.3:80", Ask(Video, ("x-llm-d-video-fps", "60"))); // 300 frames: 3,000
    }
}
