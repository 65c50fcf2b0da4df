using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Picking.Policies;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>What a configuration's plugins let a request be refused with.</summary>
public sealed class AdmissionTests : IDisposable
{
    private const string Completion = """{"model":"m","prompt":"p"}""";

    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000", "10.0.0.2:8000");

    public AdmissionTests() => _fixture.Pool.Policies = new PoolPolicies([new("batch", -1)], [], []);

    public void Dispose() => _fixture.Dispose();

    /// <summary>The refusal of a request that may be shed; null where it is served.</summary>
    private ImmediateResponse? Send(string objective = "batch")
    {
        var call = new FakeCall();
        var handler = _fixture.NewHandler(call);
        FakeCall.Send(handler, Headers(more: ("x-llm-d-inference-objective", objective)), int.MaxValue);
        FakeCall.Send(handler, Body(Completion), int.MaxValue);
        return call.Answers[0].ImmediateResponse;
    }

    [Fact]
    public void ProfileHandler_KnowsNoProfile_SaysSo()
    {
        _fixture.Configure("""
            plugins: [{type: header-profile-handler, parameters: {headerName: x-llm-d-inference-objective} }, {type: max-score-picker}]
            schedulingProfiles: [{name: decode, plugins: [{pluginRef: max-score-picker}]}, {name: interactive, plugins: [{pluginRef: max-score-picker}]}]

            """);

        var refusal = Send(objective: "none");

        Assert.Equal(429, (int)refusal!.Status.Code);
        Assert.StartsWith("inference error: ResourceExhausted - failed to find target endpoint: failed to run any scheduler profile for request ", refusal.Body.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Null(refusal.Headers);
        Assert.Null(Send(objective: "interactive"));
    }

    [Fact]
    public void Admitter_Denies_IsAnsweredWith500()
    {
        // The gate is saturated from 5 on; at 2 of 5 the admitter denies with certainty.
        _fixture.SetQueues(2);
        _fixture.Configure("plugins: [{type: probabilistic-admitter}]\n");

        var refusal = Send();

        Assert.Equal(500, (int)refusal!.Status.Code);
        Assert.Equal("inference error: Internal - request cannot be admitted: system is saturated, sheddable request rejected", refusal.Body.ToStringUtf8());
        Assert.Null(refusal.Headers);
        Assert.Null(Send(objective: "none"));
    }

    [Fact]
    public void SaturationGate_IsAskedBeforeTheAdmitters()
    {
        _fixture.SetQueues(5);
        _fixture.Configure("plugins: [{type: probabilistic-admitter}]\n");

        Assert.Equal(429, (int)Send()!.Status.Code);
    }

    [Fact]
    public void LegacyFilterTree_Drops_IsAnsweredWithItsReason()
    {
        // A gate that never closes: what is left of saturation is the tree's.
        _fixture.SetQueues(6);
        _fixture.Configure("""
            plugins:
            - type: legacy-filter-tree
            - type: random-picker
            - type: utilization-detector
              parameters: {queueDepthThreshold: 1000}
            """);

        var refusal = Send();

        Assert.Equal(429, (int)refusal!.Status.Code);
        Assert.Equal("inference error: ResourceExhausted - dropping request due to limited backend resources", refusal.Body.ToStringUtf8());
        Assert.Null(Send(objective: "none"));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void ConcurrencyDetector_AsTheGate_CountsWhatIsInFlight(int limit, bool served)
    {
        // Four requests on two servers: 4 / (2 * 2) = 1 is saturated, 4 / (2 * 3) is not.
        _fixture.Configure($$"""
            plugins:
            - type: concurrency-detector
              parameters: {maxConcurrency: {{limit}}}
            flowControl:
              saturationDetector: {pluginRef: concurrency-detector}
            """);
        for (var i = 0; i < 4; i++)
        {
            Assert.Null(Send(objective: "none"));
        }

        Assert.Equal(served, Send() is null);
    }
}
