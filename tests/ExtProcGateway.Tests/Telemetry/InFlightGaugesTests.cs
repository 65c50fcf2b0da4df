using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.TestKit;
using Prometheus;
using static Orleans.Inference.ExtProcGateway.Tests.Telemetry.MetricViews;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class InFlightGaugesTests
{
    private static readonly InFlightFlow Tenant = new("tenant", 0);
    private static readonly InFlightFlow Urgent = new("tenant", 7);

    private readonly ManualTimeProvider _time = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly PoolRegistry _pools;

    public InFlightGaugesTests()
    {
        _pools = new(new GatewayOptions(), _time);
        _ = new InFlightGauges(_registry, _pools, _time);
        _pools.Update([TestData.Pool("p")]);
    }

    private PoolState Pool => _pools.Find("ns/p")!;

    [Fact]
    public async Task Page_HasWhatIsInFlight_ByServerFairnessIdAndPriority()
    {
        View("a", "b");
        Book("a", Tenant, 10);
        Book("a", Tenant, 20);
        Book("a", Urgent, 40);
        Book("b", Tenant, 80);

        var page = await PageAsync();

        Assert.Equal((2, 30), Figures(page, "a", Tenant));
        Assert.Equal((1, 40), Figures(page, "a", Urgent));
        Assert.Equal((1, 80), Figures(page, "b", Tenant));
        Assert.Equal(6, page.Series.Count());
    }

    [Fact]
    public async Task Series_OfAnIdleServer_IsZeroAndEndsLater()
    {
        View("a");
        var booking = Book("a", Tenant, 10);
        await PageAsync();
        _time.Advance(InFlightGauges.Kept);
        booking.ReleasePrompt();
        var firstToken = await PageAsync();
        booking.Release();
        _time.Advance(InFlightGauges.Kept - TimeSpan.FromMilliseconds(1));
        var idle = await PageAsync();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var ended = await PageAsync();

        Assert.Equal((1, 0), Figures(firstToken, "a", Tenant));
        Assert.Equal((0, 0), Figures(idle, "a", Tenant));
        Assert.Empty(ended.Series);
    }

    [Fact]
    public async Task Series_OfServersAndPoolsThatAreGone_EndAtOnce()
    {
        View("a", "b");
        Book("a", Tenant, 10);
        Book("b", Tenant, 10);
        await PageAsync();
        Keep("b");
        var oneServerLess = await PageAsync();
        _pools.Update([]);
        var onePoolLess = await PageAsync();

        Assert.Equal((1, 10), Figures(oneServerLess, "b", Tenant));
        Assert.Equal(2, oneServerLess.Series.Count());
        Assert.Empty(onePoolLess.Series);
    }

    [Fact]
    public async Task Series_OfAPodOfTwoPools_IsTheSum()
    {
        _pools.Update([TestData.Pool("p"), TestData.Pool("q")]);
        View("a");
        _pools.Find("ns/q")!.View = Of("ns/q", (Server("a"), 0, 0, 0, 0));
        Book("a", Tenant, 10);
        _pools.Find("ns/q")!.View!.InFlight[0].Book(5, 0, Tenant);

        Assert.Equal((2, 15), Figures(await PageAsync(), "a", Tenant));
    }

    [Fact]
    public async Task Series_TooMany_AreOtherOfTheirServer()
    {
        const int Servers = 20;
        View([.. Enumerable.Range(0, Servers).Select(i => $"s{i}")]);
        for (var i = 0; i <= InFlightGauges.SeriesLimit / Servers; i++)
        {
            var flow = new InFlightFlow($"t{i}", 3);
            for (var server = 0; server < Servers; server++)
            {
                Book($"s{server}", flow, 1);
            }
        }

        var page = await PageAsync();

        // Server by server: those that came last are beyond the limit.
        Assert.Equal((1, 1), Figures(page, "s0", new("t1000", 3)));
        Assert.Equal((20, 20), Figures(page, "s19", new(LabelCap.Other, 3)));
        Assert.Equal(2 * (InFlightGauges.SeriesLimit + 1), page.Series.Count());
        Assert.Equal(Servers * 1001, page.Series.Where(series => series.StartsWith("llm_d_epp_inflight_requests", StringComparison.Ordinal)).Sum(series => page[series]));
    }

    private static (double Requests, double Tokens) Figures(MetricsText page, string pod, InFlightFlow flow)
    {
        var labels = $"{{endpoint_name=\"{pod}\",namespace=\"ns\",producer_name=\"inflight-load-producer\",fairness_id=\"{flow.FairnessId}\",priority=\"{flow.Priority}\"}}";
        return (page["llm_d_epp_inflight_requests" + labels], page["llm_d_epp_inflight_tokens" + labels]);
    }

    private void View(params string[] pods) => Pool.View = Of("ns/p", [.. pods.Select(pod => (Server(pod), 0, 0, 0.0, 0L))]);

    /// <summary>The server alone, with what is in flight on it.</summary>
    private void Keep(string pod)
    {
        var load = LoadOf(pod);
        Pool.View = new PoolView("ns/p", 2, [Server(pod)], new LoadColumns([0], [0], [0], [0]), [LoraState.None], [default], inFlight: [load]);
    }

    private InFlightBooking Book(string pod, InFlightFlow flow, long tokens) => LoadOf(pod).Book(tokens, now: 0, flow);

    private ServerLoad LoadOf(string pod) => Pool.View!.InFlight[Pool.View.ById.Find($"ns/{pod}-rank-0")];

    private Task<MetricsText> PageAsync() => MetricsText.OfAsync(_registry);
}
