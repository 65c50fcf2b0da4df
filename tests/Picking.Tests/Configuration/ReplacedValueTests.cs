using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Scorers;
using static Orleans.Inference.Picking.Tests.Configuration.Loading;

namespace Orleans.Inference.Picking.Tests.Configuration;

/// <summary>Values that the reference picker takes although they mean nothing, or probably not what was meant: taken with a warning that says what counts.</summary>
public sealed class ReplacedValueTests
{
    [Theory]
    [InlineData("active-request-scorer", "idleThreshold: -1", "5:20: parameters.idleThreshold must be at least 0, not the number -1: the default, 0, counts instead")]
    [InlineData("active-request-scorer", "maxBusyScore: 2", "5:19: parameters.maxBusyScore must be 0 to 1, not the number 2: the default, 1, counts instead")]
    [InlineData("active-request-scorer", "requestTimeout: 2m", "5:21: plugin 'p': requestTimeout is deprecated and has no effect: a request counts until it has ended")]
    [InlineData("token-load-scorer", "queueThresholdTokens: 0", "5:27: parameters.queueThresholdTokens must be above 0, not the number 0: the default, 4194304, counts instead")]
    [InlineData("no-hit-lru-scorer", "lruSize: 0", "5:14: parameters.lruSize must be above 0, not the number 0: the default, 1024, counts instead")]
    [InlineData("mm-embeddings-cache-producer", "cacheSizeInMBPerServer: -5", "5:29: parameters.cacheSizeInMBPerServer must be above 0, not the number -5: the default, 4096, counts instead")]
    [InlineData("latency-scorer", "ttftWeight: -1", "5:17: parameters.ttftWeight must be at least 0, not the number -1: the default, 0.8, counts instead")]
    [InlineData("latency-scorer", "headroomSelectionStrategy: best", "5:32: parameters.headroomSelectionStrategy must be least or most, not \"best\": the default, least, counts instead")]
    [InlineData("prefix-cache-scorer", "matchLengthScaleTokens: 0", "5:29: plugin 'p': matchLengthScaleTokens is 0, and has no effect: matchLengthWeight is 0")]
    [InlineData("prefix-cache-affinity-filter", "affinityThreshold: -1", "5:24: plugin 'p': affinityThreshold is -1, which counts as 0: all servers are kept")]
    [InlineData("approx-prefix-cache-producer", "blockSizeTokens: 16", "5:22: plugin 'p': blockSizeTokens is 16: a block has 64 tokens at least, which count instead")]
    [InlineData("approx-prefix-cache-producer", "blockSizeTokens: 0", "5:22: plugin 'p': blockSizeTokens is 0: a block has 64 tokens at least, which count instead")]
    [InlineData("approx-prefix-cache-producer", "blockSizeTokens: 64")]
    [InlineData("approx-prefix-cache-producer", "blockSize: 0", "5:16: parameters.blockSize must be above 0, not the number 0: it counts as left out")]
    [InlineData("approx-prefix-cache-producer", "lruCapacityPerServer: 0", "5:27: parameters.lruCapacityPerServer must be above 0, not the number 0: the default, 31250, counts instead")]
    [InlineData("max-score-picker", "maxNumOfEndpoints: 0", "5:24: plugin 'p': maxNumOfEndpoints must be 1 to 16, not 0: 1 counts instead")]
    [InlineData("random-picker", "maxNumOfEndpoints: 17", "5:24: plugin 'p': maxNumOfEndpoints must be 1 to 16, not 17: 16 counts instead")]
    [InlineData("utilization-detector", "headroom: 20", "5:15: plugin 'p': headroom is 20: as a filter it keeps servers up to 21 times the limits. It is a part of 1, not a percentage")]
    [InlineData("concurrency-detector", "headroom: 1.5", "5:15: plugin 'p': headroom is 1.5: as a filter it keeps servers up to 2.5 times the limits. It is a part of 1, not a percentage")]
    [InlineData("concurrency-detector", "headroom: 1")]
    [InlineData("probabilistic-admitter", "kvCacheUtilThreshold: 1.5")]
    [InlineData("predicted-latency-producer", "contextTTL: 300000000000")]
    [InlineData("predicted-latency-producer", "samplingMean: 0", "5:19: plugin 'p': samplingMean has no effect: predictions are made in this process, and every answer is learned from")]
    [InlineData("session-affinity-filter", "sessionIdConfig: {evictionTtlSeconds: 0}", "5:43: parameters.sessionIdConfig.evictionTtlSeconds must be above 0 to 31536000, not the number 0: the default, 300, counts instead")]
    // Names in any case, also within; and what is read besides the record itself knows them by their right ones.
    [InlineData("max-score-picker", "maxnumofendpoints: 17", "5:5: parameters.maxnumofendpoints is spelt maxNumOfEndpoints", "5:24: plugin 'p': maxNumOfEndpoints must be 1 to 16, not 17: 16 counts instead")]
    [InlineData("session-affinity-filter", "sessionIdConfig: {Sources: [{Header: x}]}", "5:23: parameters.sessionIdConfig.Sources is spelt sources", "5:34: parameters.sessionIdConfig.sources[0].Header is spelt header")]
    // An empty text is one that is left out.
    [InlineData("session-affinity-filter", "encodedEndpointHeaderConfig: {header: ''}")]
    [InlineData("latency-scorer", "headroomSelectionStrategy: ''")]
    public void Load_ValueThatTheReferenceTakes_IsTakenWithAWarning(string type, string parameter, params string[] warnings)
    {
        var outcome = Load($"plugins:\n- {{name: p, type: {type}, parameters: {{\n    {parameter} }} }}\n", experimental: true);

        Assert.Empty(outcome.Faults);
        Assert.NotNull(outcome.Configuration);
        Assert.Equal(warnings.Select(warning => $"c.yaml:{warning}"), outcome.Warnings);
    }

    [Fact]
    public void Load_ReplacedValue_HasTheDefault()
    {
        var view = new ViewBuilder().Add().Add().Build();
        var scorer = Accept("plugins: [{type: active-request-scorer, parameters: {idleThreshold: -1, maxBusyScore: 0.5}}]\n").Find<ActiveRequestScorer>()!;

        // With a threshold of -1 the idle server would score 0.5 · 1.
        Assert.Equal([1.0, 0], Scoring.Of(scorer, view, requests: [0, 2]));
    }

    [Theory]
    [InlineData("blockSize: 128", 128)]
    [InlineData("blockSize: 128, blockSizeTokens: 256", 256)]
    [InlineData("blockSize: -1, blockSizeTokens: 256", 256)]
    public void Load_OlderBlockSize_CountsWhereThePresentOneIsLeftOut(string parameters, int tokens) =>
        Assert.Equal(tokens, Accept($"plugins: [{{type: approx-prefix-cache-producer, parameters: {{{parameters}}}}}]\n").Find<ApproxPrefixCacheProducer>()!.Options.BlockSizeTokens);

    [Theory]
    [InlineData("plugins: [{type: fresh-filter}, {type: concurrency-detector}]\nflowControl: {saturationDetector: {pluginRef: concurrency-detector}}\n", 2000)]
    [InlineData("plugins: [{type: fresh-filter}, {type: concurrency-detector}]\nflowControl: {saturationDetector: {pluginRef: concurrency-detector}}\n", 2001, "3:11: plugin 'fresh-filter': figures count as stale after 2s, and they are read every 2001ms (--refresh-metrics-interval): between two scrapes every server counts as stale")]
    [InlineData("plugins: [{type: utilization-detector, parameters: {metricsStalenessThreshold: 100ms}}]\n", 150, "3:11: plugin 'utilization-detector': figures count as stale after 100ms, and they are read every 150ms (--refresh-metrics-interval): between two scrapes every server counts as stale")]
    [InlineData("plugins: [{name: d, type: utilization-detector}]\nflowControl: {saturationDetector: {pluginRef: d}}\n", 200)]
    // The default detector counts where it is the one that is used.
    [InlineData("", 1000, "1:1: plugin 'utilization-detector': figures count as stale after 200ms, and they are read every 1s (--refresh-metrics-interval): between two scrapes every server counts as stale")]
    [InlineData("plugins: [{type: concurrency-detector}]\nflowControl: {saturationDetector: {pluginRef: concurrency-detector}}\n", 1000)]
    // The configuration's own interval counts before the flag's.
    [InlineData("plugins: [{name: every, type: scrapes, parameters: {interval: 300ms}}]\n", 50, "1:1: plugin 'utilization-detector': figures count as stale after 200ms, and they are read every 300ms (the interval of 'every'): between two scrapes every server counts as stale")]
    [InlineData("plugins: [{type: scrapes, parameters: {interval: 100ms}}]\n", 1000)]
    public void Load_FiguresThatAreStaleBeforeTheNextScrape_Warns(string body, int interval, params string[] warnings)
    {
        var registry = PluginRegistry.CreateBuiltIn().Add(PluginDefinition.Of<Scrapes, ScrapesParameters>("scrapes", (parameters, _) => new(parameters.Interval)) with { Summary = "Of a test." });

        var outcome = ConfigurationLoader.Load("c.yaml", Head + body, registry, new() { ScrapeInterval = TimeSpan.FromMilliseconds(interval) });

        Assert.Empty(outcome.Faults);
        Assert.Equal(warnings.Select(warning => $"c.yaml:{warning}"), outcome.Warnings);
    }

    private sealed record Scrapes(TimeSpan? ScrapeInterval) : IScrapeSource;

    private sealed record ScrapesParameters
    {
        public TimeSpan? Interval { get; init; }
    }
}
