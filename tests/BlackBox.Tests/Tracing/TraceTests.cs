using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Tracing;

/// <summary>The trace of a request, from its headers to the model server's, and its spans.</summary>
public sealed class TraceTests(TracedPicker picker) : IClassFixture<TracedPicker>
{
    private readonly ExtProcClient _client = picker.ClientOf(TracedPicker.Service);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_WithAContext_ContinuesItTowardsTheModelServer(bool bodyless)
    {
        var trace = Guid.NewGuid().ToString("N");
        (string, string)[] context = [("traceparent", $"00-{trace}-00f067aa0ba902b7-01"), ("tracestate", "vendor=1"), ("baggage", "tenant=a")];

        var answer = bodyless ? await _client.GetAsync(context) : (await _client.PickAsync(Exchanges.Prompt("traced"), Exchanges.Completions, context)).Answers[0];

        var sent = answer.SetHeader("traceparent");
        Assert.Matches($"^00-{trace}-[0-9a-f]{{16}}-01$", sent);
        Assert.DoesNotContain("00f067aa0ba902b7", sent, StringComparison.Ordinal);

        // These go on as they came, and a request without a body has none of its headers repeated.
        Assert.Equal(bodyless ? null : "vendor=1", answer.SetHeader("tracestate"));
        Assert.Equal(bodyless ? null : "tenant=a", answer.SetHeader("baggage"));
    }

    [Fact]
    public async Task Request_WithoutAContext_BeginsATrace()
    {
        var answer = (await _client.PickAsync(Exchanges.Prompt("traced"))).Answers[0];

        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", answer.SetHeader("traceparent"));
    }

    [Fact]
    public async Task Spans_OfARequest_AreExported()
    {
        var trace = Guid.NewGuid().ToString("N");
        using (var exchange = _client.Open())
        {
            await exchange.SendRequestAsync(Exchanges.Prompt("traced"), ExtProcExchange.Headers(Exchanges.Completions, "POST", ("traceparent", $"00-{trace}-00f067aa0ba902b7-01")));
            await exchange.SendResponseAsync(200, [("content-type", "application/json")], "{}");
            await exchange.HalfCloseAsync();
            Assert.Null(await exchange.TryReadAsync());
        }

        foreach (var span in new[] { "gateway.request", "gateway.request_orchestration", "run_scheduler_profile", "filter_endpoints", "llm_d.epp.scoring", "pick_endpoints" })
        {
            await Bounds.UntilAsync(
                () => picker.Picker.Log.Split('\n').Any(line => line.Contains(trace, StringComparison.Ordinal) && line.Contains($"\"{span}\"", StringComparison.Ordinal)),
                $"the span {span}");
        }
    }
}
