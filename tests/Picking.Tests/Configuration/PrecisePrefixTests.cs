using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Prefix;
using Orleans.Inference.Picking.Tests.Scorers;
using static Orleans.Inference.Picking.Tests.Configuration.Loading;

namespace Orleans.Inference.Picking.Tests.Configuration;

/// <summary>Which kind of prefix match a plugin goes by: that of the producer that it names.</summary>
public sealed class PrecisePrefixTests
{
    private const string Producer = "plugins:\n- {type: precise-prefix-cache-producer}\n";

    /// <summary>A match in which the server of that number holds all of a prompt.</summary>
    private static PrefixMatch Match(int server)
    {
        var index = new PrefixIndex();
        index.Add(server, 10, Chains.Of(1, 2));
        var match = new PrefixMatch();
        index.Match(Chains.Request(Chains.Of(1, 2)), match);
        return match;
    }

    private static double[] Score(IScorer scorer, PrefixMatch? precise)
    {
        var view = Scoring.Servers(3);
        var scores = new double[3];
        scorer.Score(new PickContext(view, new InferenceRequest(), 0, new Random(1), Match(0)) { PrecisePrefix = precise }, [0, 1, 2], scores);
        return scores;
    }

    [Fact]
    public void Load_ScorerNamesTheProducer_ConsumesItsMatchOnly()
    {
        var configuration = Accept(Producer + "- type: prefix-cache-scorer\n  parameters: {prefixMatchInfoProducerName: precise-prefix-cache-producer}\n");

        Assert.Equal(PluginData.PrecisePrefixMatch, configuration.Consumes);
        Assert.Null(configuration.Find<ApproxPrefixCacheProducer>());
        Assert.Equal(new KvEventOptions("kv@", 5557, 0), configuration.Find<PrecisePrefixCacheProducer>()!.Events);
    }

    [Fact]
    public void Load_ScorerNamesNone_GoesByTheApproximation()
    {
        var configuration = Accept(Producer + "- type: prefix-cache-scorer\n");

        Assert.Equal(PluginData.PrefixMatch, configuration.Consumes);
        Assert.NotNull(configuration.Find<ApproxPrefixCacheProducer>());
    }

    [Theory]
    [InlineData("- {type: no-hit-lru-scorer, parameters: {prefixMatchInfoProducerName: precise}}")]
    [InlineData("- {type: prefix-cache-affinity-filter, parameters: {prefixMatchInfoProducerName: precise}}")]
    [InlineData("- {type: latency-scorer, parameters: {prefixMatchInfoProducerName: precise}}")]
    [InlineData("- {type: predicted-latency-producer, parameters: {prefixMatchInfoProducerName: precise}}")]
    public void Load_OthersThatNameTheProducer_ConsumeItsMatch(string plugin)
    {
        var configuration = Accept("plugins:\n" + plugin + "\n- {type: precise-prefix-cache-producer, name: precise}\n");

        Assert.NotEqual(PluginData.None, configuration.Consumes & PluginData.PrecisePrefixMatch);
    }

    [Fact]
    public void Load_PreciseScorer_IsItsOwnProducer()
    {
        var configuration = Accept("plugins:\n- type: precise-prefix-cache-scorer\n  parameters: {kvEventsConfig: {topicFilter: '', podDiscoveryConfig: {socketPort: 6000, replaySocketPort: 6100}}}\n");

        Assert.Equal(PluginData.PrecisePrefixMatch, configuration.Consumes);
        Assert.Null(configuration.Find<PrecisePrefixCacheProducer>());
        Assert.Equal(new KvEventOptions("", 6000, 6100), configuration.Find<IPrecisePrefixSource>()!.Events);
    }

    /// <summary>The parameters of the reference's samples.</summary>
    [Fact]
    public void Load_ParametersOfTheReference_AreRead()
    {
        var outcome = Load("""
            plugins:
            - type: precise-prefix-cache-producer
              parameters:
                tokenProcessorConfig: {blockSize: 64, blockSizeTokens: 64, hashSeed: "42", hashAlgorithm: xxh64}
                indexerConfig:
                  kvBlockIndexConfig:
                    enableMetrics: true
                    metricsLoggingInterval: 60000000000
                    inMemoryConfig: {size: 100000000, podCacheSize: 10}
                    redisConfig: {address: "redis://127.0.0.1:6379"}
                  kvCacheBackendConfigs: [{name: gpu, weight: 1.0}, {name: cpu, weight: 0.8}]
                kvEventsConfig:
                  zmqEndpoint: tcp://0.0.0.0:5557
                  topicFilter: kv@
                  concurrency: 4
                  engineType: sglang
                  discoverPods: true
                  podDiscoveryConfig: {podLabelSelector: app=vllm, podNamespace: default, socketPort: 5556, replaySocketPort: -1}
                speculativeIndexing: true
                speculativeTTL: 2s
            """);

        Assert.Empty(outcome.Faults);
        Assert.Equal(new KvEventOptions("kv@", 5556, 0), outcome.Configuration!.Find<PrecisePrefixCacheProducer>()!.Events);
        Assert.Equal(5, outcome.Warnings.Count);
        Assert.All(new[] { "zmqEndpoint", "speculativeIndexing", "hashSeed", "redisConfig", "kvCacheBackendConfigs" }, name => Assert.Contains(outcome.Warnings, warning => warning.Contains(name, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{kvEventsConfig: {discoverPods: false, zmqEndpoint: 'tcp://*:5557'}}", "discoverPods must be true")]
    [InlineData("{indexerConfig: {tokenizersPoolConfig: {modelName: m}}}", "tokenizersPoolConfig is not supported")]
    [InlineData("{kvEventsConfig: {podDiscoveryConfig: {socketPort: 0}}}", "socketPort must")]
    [InlineData("{kvEventsConfig: {engineType: other}}", "engineType must")]
    public void Load_WhatCantBeDone_IsRefused(string parameters, string fault)
    {
        var outcome = Load($"plugins:\n- type: precise-prefix-cache-producer\n  parameters: {parameters}\n");

        Assert.Contains(fault, Assert.Single(outcome.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Score_OfThePreciseScorer_IsThePrecisePart()
    {
        // The second server holds both of two blocks, as it says itself; what was sent to the first does not count.
        Assert.Equal([0, 1, 0], Score(new PrecisePrefixCacheScorer(new("kv@", 5557, 0)), Match(1)));
        Assert.Equal([0, 1, 0], Score(new PrefixCacheScorer(precise: true), Match(1)));
        Assert.Equal([1, 0, 0], Score(new PrefixCacheScorer(), Match(1)));

        // Nothing follows events: as for the others.
        Assert.Equal([1, 0, 0], Score(new PrefixCacheScorer(precise: true), null));
    }

    [Fact]
    public void Score_OfNoHitLru_AHitIsOneOfItsProducer()
    {
        Assert.Equal([1, 0.5, 0], Score(new NoHitLruScorer(precise: true), new PrefixMatch()));
        Assert.Equal([0.5, 0.5, 0.5], Score(new NoHitLruScorer(precise: true), Match(2)));
        Assert.Equal([0.5, 0.5, 0.5], Score(new NoHitLruScorer(), new PrefixMatch()));
    }

    /// <summary>Without predictions a third of the score each: KV usage (free), queue (none), prefix.</summary>
    [Fact]
    public void Score_OfLatency_GoesByItsProducer() =>
        Assert.Equal(1, Score(new LatencyScorer(new LatencyScorerParameters { CompositeKVWeight = 0, CompositeQueueWeight = 0 }, precise: true), Match(2))[2]);
}
