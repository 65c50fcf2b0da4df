using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;
using Orleans.Inference.Picking.Tests.Filters;
using Orleans.Inference.Picking.Tests.Scheduling;
using Orleans.Inference.Picking.Tests.Scorers;

namespace Orleans.Inference.Picking.Tests.Sessions;

public sealed class SessionAffinityTests
{
    /// <summary>default/pod1-rank-0 in base64.</summary>
    private const string Pod1 = "ZGVmYXVsdC9wb2QxLXJhbmstMA==";

    private const string BySessionId = "\n  parameters:\n    strategy: session_id";

    private static readonly PoolView View = new ViewBuilder().Add(queued: 9).Add(queued: 9).Add(queued: 0).Build();

    private static InferenceRequest Request(string header, string value) => new() { Headers = new FixedHeaders((header, value)) };

    private static PickerConfiguration Load(string plugin)
    {
        var outcome = Loading.Load($"plugins:\n- type: queue-scorer\n- {plugin}", experimental: true);
        Assert.Empty(outcome.Faults);
        return outcome.Configuration!;
    }

    [Fact]
    public void Token_OfAServer_KeepsOnlyIt() =>
        Assert.Equal([1], Filtering.Keep(Filtering.Make<SessionAffinityFilter>("- type: session-affinity-filter"), View, Request("X-Session-Token", Pod1)));

    [Theory]
    [InlineData("no base64!")]
    [InlineData("")]
    [InlineData("ZGVmYXVsdC9wb2Q5LXJhbmstMA==")] // default/pod9-rank-0: not in the pool
    [InlineData("/////w==")] // no UTF-8
    public void Token_OfNobody_KeepsAll(string token) =>
        Assert.Equal([0, 1, 2], Filtering.Keep(Filtering.Make<SessionAffinityFilter>("- type: session-affinity-filter"), View, Request("x-session-token", token)));

    [Fact]
    public void Token_LongerThanAnyId_KeepsAll() =>
        Assert.Equal([0, 1, 2], Filtering.Keep(Filtering.Make<SessionAffinityFilter>("- type: session-affinity-filter"), View, Request("x-session-token", Convert.ToBase64String(new byte[5000]))));

    [Fact]
    public void Token_ForTheScorer_Is1ForTheServer()
    {
        var scorer = Filtering.Make<SessionAffinityScorer>("- type: session-affinity-scorer\n  parameters: {encodedEndpointHeaderConfig: {header: X-Mine}}");

        Assert.Equal([0, 1, 0], Scoring.Of(scorer, View, Request("x-mine", Pod1)));
        Assert.Equal([0, 0, 0], Scoring.Of(scorer, View, Request("x-session-token", Pod1)));
    }

    [Theory]
    [InlineData("type: session-affinity-filter", "x-session-token")]
    [InlineData("type: session-affinity-scorer\n  parameters: {encodedEndpointHeaderConfig: {header: X-Mine}}", "x-mine")]
    public void Response_OfTheDestination_CarriesItsToken(string plugin, string header)
    {
        var edits = new HeaderEdits();

        Load(plugin).Hooks.BeforeResponse(new InferenceRequest(), View.Servers[1], edits);

        Assert.Equal(new Dictionary<string, string?> { [header] = Pod1 }, Decided.Read(edits));
    }

    [Fact]
    public void Response_OfAnotherProfile_CarriesThatOnesToken()
    {
        var outcome = Loading.Load(
            """
            plugins:
            - type: prefill-filter
            - type: decode-filter
            - type: session-affinity-filter
              parameters: {profileName: prefill, encodedEndpointHeaderConfig: {header: x-prefill}}
            - type: always-disagg-pd-decider
            - type: disagg-profile-handler
              parameters: {deciders: {prefill: always-disagg-pd-decider}}
            schedulingProfiles:
            - name: decode
              plugins: [{pluginRef: decode-filter}]
            - name: prefill
              plugins: [{pluginRef: prefill-filter}, {pluginRef: session-affinity-filter}]
            """,
            experimental: true);
        Assert.Empty(outcome.Faults);
        var view = new ViewBuilder().Add(labels: ("llm-d.ai/role", "decode")).Add(labels: ("llm-d.ai/role", "prefill")).Build();
        var (request, edits) = (new InferenceRequest(), new HeaderEdits());

        var decided = Decided.By(outcome.Configuration!, view, request);
        outcome.Configuration!.Hooks.BeforeResponse(request, view.Servers[decided.Picks[0]], edits);

        Assert.Equal([0], decided.Picks);
        Assert.Equal(Pod1, Decided.Read(edits)["x-prefill"]);
    }

    [Fact]
    public void SessionId_SecondRequest_GoesWhereTheFirstWent()
    {
        var configuration = Load("type: session-affinity-filter" + BySessionId);
        Assert.Equal([2], Decided.By(configuration, View, Request("x-session-id", "s")).Picks);
        var busy = new ViewBuilder().Add(queued: 0).Add(queued: 0).Add(queued: 9).Build();

        Assert.Equal([2], Decided.By(configuration, busy, Request("x-session-id", " s ")).Picks);
        Assert.NotEqual([2], Decided.By(configuration, busy, Request("x-session-id", "other")).Picks);
        Assert.NotEqual([2], Decided.By(configuration, busy, new InferenceRequest()).Picks);
    }

    [Fact]
    public void SessionId_ItsServerIsNoCandidate_GoesOverToAnother()
    {
        var configuration = Load("type: session-affinity-filter" + BySessionId);
        Decided.By(configuration, View, Request("x-session-id", "s"));
        var without = new ViewBuilder().Add(queued: 9).Add(queued: 0).Build(); // the third has left

        Assert.Equal([1], Decided.By(configuration, without, Request("x-session-id", "s")).Picks);
        Assert.Equal([1], Decided.By(configuration, View, Request("x-session-id", "s")).Picks);
    }

    [Fact]
    public void SessionId_ScorerOutvoted_StaysBound()
    {
        var outcome = Loading.Load(
            $$"""
            plugins:
            - type: queue-scorer
            - type: session-affinity-scorer{{BySessionId}}
            schedulingProfiles:
            - name: default
              plugins: [{pluginRef: queue-scorer, weight: 2}, {pluginRef: session-affinity-scorer}]
            """,
            experimental: true);
        Assert.Empty(outcome.Faults);
        var configuration = outcome.Configuration!;
        Decided.By(configuration, View, Request("x-session-id", "s")); // bound to 2
        var busy = new ViewBuilder().Add(queued: 9).Add(queued: 0).Add(queued: 9).Build();

        // 2·1 for server 1 against 1 for server 2; then 1 decides between servers with equal queues.
        Assert.Equal([1], Decided.By(configuration, busy, Request("x-session-id", "s")).Picks);
        Assert.Equal([2], Decided.By(configuration, new ViewBuilder().Add().Add().Add().Build(), Request("x-session-id", "s")).Picks);
    }

    [Fact]
    public void SessionId_Sources_AreAskedInTheirOrder()
    {
        var configuration = Load("type: session-affinity-filter" + BySessionId + "\n    sessionIdConfig: {sources: [{header: x-one}, {attribute: agent-identity}]}");
        var byAttribute = new InferenceRequest();
        byAttribute.SetNote("agent-identity", "agent");
        Decided.By(configuration, View, byAttribute);
        var busy = new ViewBuilder().Add(queued: 0).Add(queued: 9).Add(queued: 9).Build();

        Assert.Equal([2], Decided.By(configuration, busy, Request("x-one", "agent")).Picks);
    }

    [Fact]
    public void SessionId_OfAProducer_IsFoundInItsCookie()
    {
        var outcome = Loading.Load(
            """
            plugins:
            - type: queue-scorer
            - type: session-affinity-filter
              parameters:
                strategy: session_id
                sessionIdConfig: {sources: [{attribute: SessionIDDataKey, producer: by-header}, {attribute: SessionIDDataKey, producer: by-cookie}]}
            - {name: by-cookie, type: session-id-producer, parameters: {cookieName: session}}
            - {name: by-header, type: session-id-producer, parameters: {headerName: X-Mine}}
            """,
            experimental: true);
        Assert.Empty(outcome.Faults);
        Assert.Empty(outcome.Warnings);
        var configuration = outcome.Configuration!;
        Assert.Equal([2], Decided.By(configuration, View, Request("Cookie", "a=1; session=s")).Picks);
        var busy = new ViewBuilder().Add(queued: 9).Add(queued: 0).Add(queued: 9).Build();

        Assert.Equal([2], Decided.By(configuration, busy, Request("cookie", "session=s; session=t")).Picks);
        Assert.Equal([2], Decided.By(configuration, busy, Request("x-mine", " s ")).Picks);
        Assert.Equal([1], Decided.By(configuration, busy, Request("cookie", "session=t; session=s")).Picks);
        Assert.Equal([1], Decided.By(configuration, busy, Request("x-session-id", "s")).Picks);
    }

    [Theory]
    [InlineData("{attribute: SessionIDDataKey}", "the attribute SessionIDDataKey needs the name of a session-id-producer as its producer")]
    [InlineData("{attribute: SessionIDDataKey, producer: queue-scorer}", "the attribute SessionIDDataKey needs the name of a session-id-producer as its producer")]
    [InlineData("{attribute: session, producer: session-id-producer}", "'session-id-producer' produces the attribute SessionIDDataKey, not 'session'")]
    public void Load_SourceThatFindsNothing_IsToldOf(string source, string warning)
    {
        var outcome = Loading.Load(
            $$"""
            plugins:
            - type: queue-scorer
            - {type: session-id-producer, parameters: {headerName: x-session-id} }
            - type: session-affinity-filter
              parameters: {strategy: session_id, sessionIdConfig: {sources: [{{source}}]} }
            """,
            experimental: true);

        Assert.Empty(outcome.Faults);
        Assert.Equal($"c.yaml:7:55: plugin 'session-affinity-filter': a source has no effect: {warning}", Assert.Single(outcome.Warnings).ToString());
        Decided.By(outcome.Configuration!, View, Request("x-session-id", "s"));
        Assert.Equal([0, 1, 2], Filtering.Keep(outcome.Configuration!.Find<SessionAffinityFilter>()!, View, Request("x-session-id", "s")));
    }

    [Theory]
    [InlineData("{strategy: session_id, sessionIdConfig: {sources: [{attribute: SessionIDDataKey, producer: nobody}]}}", "there is no plugin 'nobody'")]
    [InlineData("{strategy: cookie}", "strategy must be encoded_endpoint_header or session_id")]
    [InlineData("{profileName: nowhere}", "there is no profile 'nowhere'")]
    [InlineData("{strategy: session_id, sessionIdConfig: {sources: [{header: a, attribute: b}]}}", "either a header or an attribute")]
    [InlineData("{strategy: session_id, sessionIdConfig: {sources: [{}]}}", "either a header or an attribute")]
    [InlineData("{strategy: session_id, sessionIdConfig: {evictionTtlSeconds: -1}}", "evictionTtlSeconds must be above 0")]
    public void Load_ParametersThatMeanNothing_AreRefused(string parameters, string fault) =>
        Assert.Contains(Filtering.FaultsOf($"- type: session-affinity-filter\n  parameters: {parameters}"), told => told.Contains(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("type: session-affinity-filter", "")]
    [InlineData("type: session-affinity-scorer", "\n    sessionIdConfig: {evictionTtlSeconds: 60}")]
    public void SessionId_AfterAChangeOfTheConfiguration_StaysOnItsServer(string plugin, string changed)
    {
        var before = Load(plugin + BySessionId);
        Assert.Equal([2], Decided.By(before, View, Request("x-session-id", "s")).Picks);
        var busy = new ViewBuilder().Add(queued: 0).Add(queued: 9).Add(queued: 1).Build();
        var after = Load(plugin + BySessionId + changed + "\n- type: kv-cache-utilization-scorer");

        Assert.Empty(after.TakeOver(before));

        Assert.Equal([2], Decided.By(after, busy, Request("x-session-id", "s")).Picks);
        Assert.Equal([0], Decided.By(after, busy, Request("x-session-id", "other")).Picks);
    }
}
