using Google.Protobuf.WellKnownTypes;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Refusals;

/// <summary>Refusals for want of a model server; those for what a request is are with its parser.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class RefusalTests(DefaultPicker picker)
{
    private static readonly Refusal Saturated = new(429, "inference error: ResourceExhausted - system saturated, sheddable request dropped");

    private static readonly Refusal NoCandidates =
        new(503, "inference error: ServiceUnavailable - failed to find endpoint candidates for serving the request", "rejected-no-endpoints");

    [Fact]
    public async Task Request_OfAnEmptyPool_IsRefusedWith503()
    {
        Assert.Equal(NoCandidates, await picker.ClientOf(DefaultPicker.Empty).RefuseAsync(Exchanges.Prompt("m")));
    }

    [Fact]
    public async Task Request_OfAnEmptyPoolAndAnyParser_IsRefusedWith503()
    {
        Assert.Equal(NoCandidates, await picker.ClientOf(DefaultPicker.Empty).RefuseAsync("opaque", Exchanges.Opaque));
        Assert.Equal(NoCandidates, await picker.ClientOf(DefaultPicker.Empty).RefuseAsync("opaque", "/v1/messages/count_tokens"));
    }

    [Fact]
    public async Task Request_OfAnEmptyPoolThatIsNoGoodEither_IsRefusedForWhatItIs()
    {
        Assert.Equal(400, (await picker.ClientOf(DefaultPicker.Empty).RefuseAsync("no JSON")).Status);
    }

    [Fact]
    public async Task Request_WhoseSubsetMatchesNothing_IsRefusedWith503()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Main).Open();
        exchange.Stream.Context = Exchanges.Context(
            "envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", Value.ForList(Value.ForString("203.0.113.9:80")));

        Assert.Equal(NoCandidates, Refusal.Of((await exchange.SendRequestAsync(Exchanges.Prompt("m"))).Immediate));
    }

    [Fact]
    public async Task Request_RefusedBeforeItsScheduling_IsNoAttemptToSchedule()
    {
        const string Attempts = "llm_d_epp_scheduler_attempts_total";
        const string Durations = "llm_d_epp_scheduler_e2e_duration_seconds_count";
        await AwaitSaturationAsync();
        var before = await picker.ReadMetricsAsync();
        await picker.ClientOf(DefaultPicker.Empty).RefuseAsync(Exchanges.Prompt("unscheduled"));
        await picker.ClientOf(DefaultPicker.Busy).RefuseAsync(Exchanges.Prompt("unscheduled"), Exchanges.Completions, ("x-llm-d-inference-objective", "batch"));
        using var exchange = picker.ClientOf(DefaultPicker.Main).Open();
        exchange.Stream.Context = Exchanges.Context("envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", Value.ForList());
        Assert.NotNull((await exchange.SendRequestAsync(Exchanges.Prompt("unscheduled"))).Immediate);

        await picker.AwaitMetricAsync(3, "llm_d_epp_request_error_total", ("model_name", "unscheduled"));
        var after = await picker.ReadMetricsAsync();
        Assert.Equal(0, after.Sum(Attempts, ("target_model_name", "unscheduled")));
        Assert.Equal(before.Sum(Attempts), after.Sum(Attempts));
        Assert.Equal(before.Sum(Durations), after.Sum(Durations));
    }

    [Fact]
    public async Task Request_NotCachedAnywhere_IsAnAttemptThatSucceeded()
    {
        Assert.Equal(412, (await picker.ClientOf(DefaultPicker.Main).RefuseAsync(Exchanges.Prompt("uncached"), Exchanges.Completions, ("prefer", "if-available"))).Status);

        await picker.AwaitMetricAsync(1, "llm_d_epp_scheduler_attempts_total", ("target_model_name", "uncached"), ("status", "success"), ("endpoint_name", "main-0"));
        Assert.Equal(0, (await picker.ReadMetricsAsync()).Sum("llm_d_epp_scheduler_attempts_total", ("target_model_name", "uncached"), ("status", "failure")));
    }

    [Fact]
    public async Task SheddableRequest_OfASaturatedPool_IsRefusedWith429()
    {
        await AwaitSaturationAsync();

        Assert.Equal(Saturated, await picker.ClientOf(DefaultPicker.Busy).RefuseAsync(Exchanges.Prompt("m"), Exchanges.Completions, ("x-llm-d-inference-objective", "batch")));
        Assert.Equal(Saturated, await picker.ClientOf(DefaultPicker.Busy).RefuseAsync(Exchanges.Prompt("m"), Exchanges.Completions, ("x-gateway-inference-objective", "batch")));
        Assert.Equal(Saturated, await picker.ClientOf(DefaultPicker.Busy).RefuseAsync("opaque", Exchanges.Opaque, ("x-llm-d-inference-objective", "batch")));
        Assert.Equal(Saturated, await picker.ClientOf(DefaultPicker.Busy).RefuseAsync(Exchanges.Prompt("spare")));
    }

    [Theory]
    [InlineData("m", null)]
    [InlineData("m", "urgent")]
    [InlineData("m", "bare")]
    [InlineData("m", "nobody")]
    [InlineData("m", "empty-batch")]
    [InlineData("needed", null)]
    [InlineData("spare", "urgent")]
    public async Task OtherRequest_OfASaturatedPool_IsServed(string model, string? objective)
    {
        await AwaitSaturationAsync();

        var picked = await picker.ClientOf(DefaultPicker.Busy).PickAsync(
            Exchanges.Prompt(model), Exchanges.Completions, objective is null ? [] : [("x-llm-d-inference-objective", objective)]);

        Assert.Equal(picker.BusyServer, picked.Destination);
    }

    [Fact]
    public async Task SheddableRequest_WhoseNewerObjectiveHeaderIsEmpty_IsServed()
    {
        await AwaitSaturationAsync();

        var picked = await picker.ClientOf(DefaultPicker.Busy).PickAsync(
            Exchanges.Prompt("m"), Exchanges.Completions, ("x-llm-d-inference-objective", ""), ("x-gateway-inference-objective", "batch"));

        Assert.Equal(picker.BusyServer, picked.Destination);
    }

    [Fact]
    public async Task SheddableRequest_OfASaturatedPoolThatIsNoGoodEither_IsRefusedForWhatItIs()
    {
        await AwaitSaturationAsync();

        Assert.Equal(400, (await picker.ClientOf(DefaultPicker.Busy).RefuseAsync("no JSON", Exchanges.Completions, ("x-llm-d-inference-objective", "batch"))).Status);
    }

    [Fact]
    public async Task SheddableRequest_WithoutABody_IsServed()
    {
        await AwaitSaturationAsync();

        var answer = await picker.ClientOf(DefaultPicker.Busy).GetAsync(("x-llm-d-inference-objective", "batch"));

        Assert.Equal(picker.BusyServer, answer.SetHeader("x-gateway-destination-endpoint"));
    }

    [Fact]
    public async Task SheddableRequest_OfAnEmptyPool_IsRefusedWith429()
    {
        // Admission comes before the search for candidates, and a pool without any counts as saturated.
        Assert.Equal(
            Saturated,
            await picker.ClientOf(DefaultPicker.Empty).RefuseAsync(Exchanges.Prompt("m"), Exchanges.Completions, ("x-llm-d-inference-objective", "empty-batch")));
    }

    [Fact]
    public async Task SheddableRequest_WhoseSubsetMatchesNothing_IsRefusedWith429()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Main).Open();
        exchange.Stream.Context = Exchanges.Context("envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", Value.ForList());

        var picked = await exchange.SendRequestAsync(
            Exchanges.Prompt("m"), ExtProcExchange.Headers(Exchanges.Completions, "POST", ("x-llm-d-inference-objective", "main-batch")));

        Assert.Equal(Saturated, Refusal.Of(picked.Immediate));
    }

    [Fact]
    public async Task SheddableRequest_OfAnIdlePool_IsServed()
    {
        // Saturated is also a pool whose figures are older than 200 ms, as they may be on a busy machine.
        await Bounds.UntilAsync(
            async () => (await picker.ClientOf(DefaultPicker.Main).PickAsync(
                Exchanges.Prompt("m"), Exchanges.Completions, ("x-llm-d-inference-objective", "main-batch"))).Destination == picker.MainServer,
            "a sheddable request is served");
    }

    [Fact]
    public async Task Refusals_OfEachKind_AreCounted()
    {
        await AwaitSaturationAsync();
        await picker.ClientOf(DefaultPicker.Busy).RefuseAsync(Exchanges.Prompt("shed-and-counted"), Exchanges.Completions, ("x-llm-d-inference-objective", "batch"));
        await picker.ClientOf(DefaultPicker.Empty).RefuseAsync(Exchanges.Prompt("lost-and-counted"));

        await picker.AwaitMetricAsync(1, "llm_d_epp_request_error_total", ("model_name", "shed-and-counted"), ("error_code", "ResourceExhausted"), ("priority", "-1"));
        await picker.AwaitMetricAsync(1, "llm_d_epp_request_error_total", ("model_name", "lost-and-counted"), ("error_code", "ServiceUnavailable"));
        await picker.AwaitMetricAsync(1, "inference_objective_request_error_total", ("model_name", "lost-and-counted"), ("error_code", "ServiceUnavailable"));
        Assert.Equal(0, (await picker.ReadMetricsAsync()).Sum("llm_d_epp_request_total", ("model_name", "lost-and-counted")));
    }

    [Fact]
    public async Task RequestWithATrailer_ThatIsRefused_IsAnsweredOnce()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Empty).Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")));
        await exchange.SendRequestTrailersAsync(("x-checksum", "1"));

        Assert.Equal(NoCandidates, Refusal.Of(await exchange.ReadAsync()));
        Assert.Null(await exchange.TryReadAsync());
    }

    /// <summary>The view says by the server's own metrics that it has ten requests waiting, not only that it has no figures yet.</summary>
    private Task AwaitSaturationAsync() => picker.AwaitMetricAsync(10, "llm_d_epp_per_endpoint_queue_size", ("name", "busy"));
}
