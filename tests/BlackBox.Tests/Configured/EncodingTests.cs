using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>Requests with pictures, and sessions by a cookie, by the real process.</summary>
public sealed class EncodingTests(EncodingPicker picker) : IClassFixture<EncodingPicker>
{
    private const string Encoders = "x-encoder-hosts-ports";

    private Task<PickedRequest> PickAsync(string content, params (string, string)[] headers) =>
        picker.ClientOf(EncodingPicker.Service).PickAsync($$"""{"model":"m","messages":[{"role":"user","content":{{content}}}]}""", Exchanges.Chat, headers);

    private static string Picture(string url, string text) => $$$"""[{"type":"text","text":"{{{text}}}"},{"type":"image_url","image_url":{"url":"{{{url}}}"}}]""";

    [Fact]
    public async Task SamePicture_OfAnyPrompt_GoesToItsServerAndEncoder()
    {
        var first = await PickAsync(Picture("http://x/same.png", "what is it?"));

        for (var i = 0; i < 12; i++)
        {
            var again = await PickAsync(Picture("http://x/same.png", $"and {i}?"));
            Assert.Equal(first.Destination, again.Destination);
            Assert.Equal(first.SetHeaders[Encoders], again.SetHeaders[Encoders]);
        }
    }

    [Fact]
    public async Task OtherPictures_GoToSeveralServers()
    {
        var (servers, encoders) = (new HashSet<string?>(), new HashSet<string>());
        for (var i = 0; i < 40; i++)
        {
            var picked = await PickAsync(Picture($"http://x/{i}.png", "what is it?"));
            servers.Add(picked.Destination);
            encoders.Add(picked.SetHeaders[Encoders]);
        }

        Assert.True(servers.Count > 1, string.Join(',', servers));
        Assert.True(encoders.Count > 1, string.Join(',', encoders));
    }

    [Fact]
    public async Task Session_OfACookie_StaysOnItsServer()
    {
        var first = await PickAsync("\"hello\"", ("cookie", "theme=dark; session=\"s 1\""));

        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(first.Destination, (await PickAsync("\"hello\"", ("cookie", $"n={i}; session=s 1; session={i}"))).Destination);
        }
    }

    [Fact]
    public async Task Spans_OfSplitStages_AreExported()
    {
        var trace = Guid.NewGuid().ToString("N");
        var picked = await PickAsync(Picture("http://x/traced.png", "what is it?"), ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));

        foreach (var part in new[] { "run_decode", "run_encode", "complete_encode-decode", picked.SetHeaders[Encoders] })
        {
            await Bounds.UntilAsync(
                () => picker.Picker.Log.Split('\n').Any(line => line.Contains(trace, StringComparison.Ordinal) && line.Contains($"\"{part}\"", StringComparison.Ordinal)),
                $"a span that tells {part}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InFlight_OfSplitStages_IsCountedOnBothServersAndGivenBack(bool lost)
    {
        var tenant = $"tenant-{lost}";
        using (var exchange = picker.ClientOf(EncodingPicker.Service).Open())
        {
            await exchange.SendRequestAsync(
                $$"""{"model":"m","messages":[{"role":"user","content":{{Picture($"http://x/{lost}.png", "what is it?")}}}]}""",
                ExtProcExchange.Headers(Exchanges.Chat, "POST", ("x-llm-d-inference-fairness-id", tenant)));

            // «userwhat is it?» is 15 bytes, 4 tokens; the picture 225.
            var page = await picker.ReadMetricsAsync();
            Assert.Equal(2, page.Sum("llm_d_epp_inflight_requests", ("fairness_id", tenant)));
            Assert.Equal(2 * 229, page.Sum("llm_d_epp_inflight_tokens", ("fairness_id", tenant)));
            if (!lost)
            {
                await exchange.SendResponseAsync(200, [], "{}");
            }
        }

        await picker.AwaitMetricAsync(0, "llm_d_epp_inflight_requests", ("fairness_id", tenant));
        await picker.AwaitMetricAsync(0, "llm_d_epp_inflight_tokens", ("fairness_id", tenant));
    }

    [Fact]
    public async Task WithoutPictures_NobodyEncodes() => Assert.False((await PickAsync("\"hello\"")).SetHeaders.ContainsKey(Encoders));
}
