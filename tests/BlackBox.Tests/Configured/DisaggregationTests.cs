using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>Prompts that are processed by one server and answered by another, and sessions, by the real process.</summary>
public sealed class DisaggregationTests(DisaggregatedPicker picker) : IClassFixture<DisaggregatedPicker>
{
    private const string Prefiller = "x-prefiller-host-port";

    /// <summary>A prompt of about 1,000 tokens: 4,000 letters.</summary>
    private static string LongPrompt(char letter) => $$"""{"model":"m","prompt":"{{new string(letter, 4000)}}"}""";

    private async Task<PickedRequest> PickAsync(string body, params (string, string)[] headers)
    {
        using var exchange = picker.ClientOf(DisaggregatedPicker.Service).Open();
        return await exchange.SendRequestAsync(body, ExtProcExchange.Headers(Exchanges.Completions, "POST", headers));
    }

    /// <summary>Once the queues have been scraped.</summary>
    private Task AwaitFiguresAsync() => Bounds.UntilAsync(
        async () =>
        {
            for (var i = 0; i < 8; i++)
            {
                if ((await PickAsync(Exchanges.Prompt("m"))).Destination != picker.Decoders[0])
                {
                    return false;
                }
            }

            return true;
        },
        "the decode server without a queue is picked");

    [Fact]
    public async Task LongPrompt_ThatTheDecodeServerDoesNotHold_IsProcessedByAnother_TheNextTimeByItself()
    {
        await AwaitFiguresAsync();

        var first = await PickAsync(LongPrompt('a'), (Prefiller, "6.6.6.6:1"));
        var second = await PickAsync(LongPrompt('a'), (Prefiller, "6.6.6.6:1"));
        var other = await PickAsync(LongPrompt('b'));

        Assert.Equal(picker.Decoders[0], first.Destination);
        Assert.Equal(picker.Prefillers[1], first.SetHeaders[Prefiller]);
        Assert.Equal(picker.Decoders[0], second.Destination);
        Assert.False(second.SetHeaders.ContainsKey(Prefiller));
        Assert.Equal(picker.Prefillers[1], other.SetHeaders[Prefiller]);
        await picker.AwaitMetricAsync(2, "llm_d_epp_disagg_decision_total", ("plugin_name", "split"), ("plugin_type", "disagg-profile-handler"), ("model_name", "m"), ("decision_type", "prefill-decode"));
    }

    [Fact]
    public async Task ShortPrompt_IsLeftToItsServer()
    {
        await AwaitFiguresAsync();

        var picked = await PickAsync(Exchanges.Prompt("m"));

        Assert.Equal(picker.Decoders[0], picked.Destination);
        Assert.False(picked.SetHeaders.ContainsKey(Prefiller));
    }

    [Fact]
    public async Task Session_WithTheTokenOfItsResponse_StaysOnItsServer()
    {
        await AwaitFiguresAsync();
        using var exchange = picker.ClientOf(DisaggregatedPicker.Service).Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));

        var answered = await exchange.SendResponseAsync(200, [], "{}");
        var onTheBusyOne = await PickAsync(Exchanges.Prompt("m"), ("x-session-token", Convert.ToBase64String(Exchanges.Utf8("ns/decode-1-rank-0"))));

        Assert.Equal(Convert.ToBase64String(Exchanges.Utf8("ns/decode-0-rank-0")), answered.SetHeaders["x-session-token"]);
        Assert.Equal(picker.Decoders[1], onTheBusyOne.Destination);
    }
}
