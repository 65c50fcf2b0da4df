using Orleans.Inference.ExtProcGateway.Health;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Tests.Edge;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Health;

public sealed class ReadinessTests
{
    private readonly GatewayOptions _options = new();
    private readonly RecordingLogger<Readiness> _log = new();

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("http", true)]
    [InlineData("kubernetes.io/h2c", true)]
    [InlineData("kubernetes.io/wss", false)]
    public void AreServed_DefaultParsers_TakeWhatTheyAreMadeFor(string? protocol, bool expected) =>
        Assert.Equal(expected, AppProtocols.AreServed(protocol, new GatewayOptions().Parsers));

    [Theory]
    [InlineData("http", false, "vllmgrpc-parser")]
    [InlineData("kubernetes.io/h2c", true, "vllmgrpc-parser")]
    [InlineData("http", false, "openai-parser", "vertexai-parser")]
    [InlineData("kubernetes.io/h2c", true, "openai-parser", "vertexai-parser")]
    [InlineData("http", true, "passthrough-parser")]
    [InlineData("kubernetes.io/wss", true, "passthrough-parser")]
    [InlineData(null, true, "vllmgrpc-parser")]
    public void AreServed_Parsers_MustAllTakeIt(string? protocol, bool expected, params string[] parsers) =>
        Assert.Equal(expected, AppProtocols.AreServed(protocol, [.. parsers]));

    [Fact]
    public void IsGiven_NoPool_IsFalse() => Assert.False(new Readiness(Registry(), _options, _log).IsGiven);

    [Fact]
    public void IsGiven_PoolWhoseProtocolTheParsersDoNotTake_IsFalseAndToldOnce()
    {
        _options.Parsers = ["vllmgrpc-parser"];
        var registry = Registry(("a", "http"));
        var readiness = new Readiness(registry, _options, _log);
        Assert.False(readiness.IsGiven);
        Assert.False(readiness.IsGiven);
        Assert.Contains("default/a", Assert.Single(_log.Messages), StringComparison.Ordinal);

        registry.Update([Spec("a", "kubernetes.io/h2c")]);
        Assert.True(readiness.IsGiven);
    }

    [Fact]
    public void IsGiven_OneOfTwoPoolsIsServed_IsTrue()
    {
        _options.Parsers = ["vllmgrpc-parser"];
        Assert.True(new Readiness(Registry(("a", "http"), ("b", "kubernetes.io/h2c")), _options, _log).IsGiven);
        Assert.Single(_log.Messages);
    }

    private PoolRegistry Registry(params (string Name, string Protocol)[] pools)
    {
        var registry = new PoolRegistry(_options, new ManualTimeProvider());
        registry.Update([.. pools.Select(pool => Spec(pool.Name, pool.Protocol))]);
        foreach (var state in registry.Pools)
        {
            state.View = new PoolView(state.Pool, 1, [], new LoadColumns([], [], [], []), [], []);
        }

        return registry;
    }

    private static PoolSpec Spec(string name, string protocol) => new() { Namespace = "default", Name = name, AppProtocol = protocol };
}
