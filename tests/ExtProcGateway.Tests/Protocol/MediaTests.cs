using static Orleans.Inference.ExtProcGateway.Tests.Protocol.Answers;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>Requests with pictures, videos and sounds go to the servers that have them encoded.</summary>
public sealed class MediaTests : IDisposable
{
    private const string Scored = """
        plugins:
        - type: mm-embeddings-cache-scorer
        - type: max-score-picker

        """;

    private readonly ExtProcFixture _fixture = new([.. Enumerable.Range(0, 20).Select(i => $"10.0.0.{i}:8000")]);

    public void Dispose() => _fixture.Dispose();

    private static string Picture(string url) => $$$"""{"type":"image_url","image_url":{"url":"{{{url}}}"}}""";

    private static string Video(string url) => $$$"""{"type":"video_url","video_url":{"url":"{{{url}}}"}}""";

    private string Ask(params string[] blocks)
    {
        var call = new FakeCall();
        var handler = _fixture.NewHandler(call);
        FakeCall.Send(handler, ExtProcFixture.Headers(path: "/v1/chat/completions"));
        FakeCall.Send(handler, ExtProcFixture.Body($$"""{"model":"m","messages":[{"role":"user","content":[{{string.Join(',', blocks)}}]}]}"""));
        return Destination(call.Answers[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- type: prefix-cache-scorer\n")] // then the items are found while the prompt is hashed
    public void SamePicture_InAnotherPrompt_GoesToItsServer(string more)
    {
        _fixture.Configure(Scored + more);
        var server = Ask(Picture("http://x/cat.png"));

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(server, Ask($$"""{"type":"text","text":"{{i}}"}""", Picture("http://x/cat.png")));
        }
    }

    [Fact]
    public void OtherPictures_AreSpread()
    {
        _fixture.Configure(Scored);

        Assert.True(Enumerable.Range(0, 30).Select(i => Ask(Picture($"http://x/{i}.png"))).Distinct().Count() > 5);
    }

    [Fact]
    public void PictureAndVideo_OnTwoServers_GoToThatOfTheVideo()
    {
        _fixture.Configure(Scored);
        var (pictures, video) = ("", "");
        for (var i = 0; pictures == video; i++)
        {
            pictures = Ask(Picture($"http://x/{i}.png"), Picture($"http://x/{i}-2.png"));
            video = Ask(Video($"http://x/{i}.mp4"));
            if (pictures != video)
            {
                // 450 of 4,950 tokens against 4,500.
                Assert.Equal(video, Ask(Picture($"http://x/{i}.png"), Picture($"http://x/{i}-2.png"), Video($"http://x/{i}.mp4")));
            }
        }
    }

    [Fact]
    public void WithoutItems_NothingIsRemembered()
    {
        _fixture.Configure(Scored);

        Ask("""{"type":"text","text":"hello"}""");

        Assert.Equal(0, _fixture.Pool.Memory.Media.Pairs);
    }

    [Fact]
    public void NobodyAsks_NothingIsRemembered()
    {
        Ask(Picture("http://x/cat.png"));

        Assert.Equal(0, _fixture.Pool.Memory.Media.Pairs);
        Assert.NotEqual(0, _fixture.Pool.Memory.Prefix.Pairs);
    }

    [Fact]
    public void MoreThanTheCacheHolds_IsForgotten()
    {
        _fixture.Configure(Scored + "- type: mm-embeddings-cache-producer\n  parameters: {cacheSizeInMBPerServer: 4}\n");

        Ask(Picture("http://x/1.png"), Picture("http://x/2.png"), Picture("http://x/3.png"));

        Assert.Equal(2, _fixture.Pool.Memory.Media.Pairs);
    }

    [Fact]
    public void SplitOff_AreRememberedOfTheirEncodersToo()
    {
        using var three = new ExtProcFixture("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        three.Configure("""
            plugins:
            - type: decode-filter
            - type: encode-filter
            - type: mm-embeddings-cache-scorer
            - type: max-score-picker
            - type: always-disagg-multimodal-decider
            - type: disagg-profile-handler
              parameters: {deciders: {encode: always-disagg-multimodal-decider} }
            schedulingProfiles:
            - name: decode
              plugins: [{pluginRef: decode-filter}]
            - name: encode
              plugins: [{pluginRef: encode-filter}, {pluginRef: mm-embeddings-cache-scorer}]

            """);
        three.SetLabels("llm-d.ai/role", "decode", "encode", "encode");
        var encoders = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            var call = new FakeCall();
            var handler = three.NewHandler(call);
            FakeCall.Send(handler, ExtProcFixture.Headers(path: "/v1/chat/completions"));
            FakeCall.Send(handler, ExtProcFixture.Body($$"""{"model":"m","messages":[{"role":"user","content":[{{Picture("http://x/cat.png")}}]}]}"""));
            encoders.Add(call.Answers[0].RequestHeaders.Response.HeaderMutation.SetHeaders.Single(option => option.Header.Key == "x-encoder-hosts-ports").Header.RawValue.ToStringUtf8());
        }

        Assert.Single(encoders);
        Assert.Equal(1, three.Pool.Memory.Media.BlocksOf(0));
        Assert.Equal(1, three.Pool.Memory.Media.BlocksOf(1) + three.Pool.Memory.Media.BlocksOf(2));
    }
}
