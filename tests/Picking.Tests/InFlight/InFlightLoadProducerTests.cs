using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.InFlight;

public sealed class InFlightLoadProducerTests
{
    /// <remarks>A prompt of 101 tokens: 101 · 1.5 = 151.5, rounded 152; · 0.25 = 25.25, rounded 25; · 0.5 = 50.5, rounded away from zero 51.</remarks>
    [Theory]
    [InlineData("{}", 0, null)]
    [InlineData("{outputRatio: 3}", 0, null)]
    [InlineData("{addEstimatedOutputTokens: true}", 0, 152L)]
    [InlineData("{addEstimatedOutputTokens: true, outputRatio: 0.25}", 0, 25L)]
    [InlineData("{addEstimatedOutputTokens: true, outputRatio: 0.5}", 0, 51L)]
    [InlineData("{addEstimatedOutputTokens: true}", 100, 100L)]
    [InlineData("{addEstimatedOutputTokens: true, maxEstimatedOutputTokens: 90}", 100, 90L)]
    [InlineData("{addEstimatedOutputTokens: true, maxEstimatedOutputTokens: 110}", 100, 100L)]
    [InlineData("{addEstimatedOutputTokens: true, maxEstimatedOutputTokens: 0}", 100, 0L)]
    [InlineData("{addEstimatedOutputTokens: true, outputRatio: 0}", 100, 0L)]
    public void EstimateOutput_IsThePromptTimesTheRatioWithinTheLimits(string parameters, int clientsLimit, long? tokens)
    {
        var producer = Loading.Accept($"plugins: [{"{"}type: inflight-load-producer, parameters: {parameters}{"}"}]\n").Find<InFlightLoadProducer>()!;

        Assert.Equal(tokens, producer.EstimateOutput(new InferenceRequest { PromptTokens = 101, MaxOutputTokens = clientsLimit }));
    }

    [Fact]
    public void EstimateOutput_OfAnEndlessPrompt_IsBounded() =>
        Assert.Equal(int.MaxValue, new InFlightLoadProducer(new() { AddEstimatedOutputTokens = true, OutputRatio = double.MaxValue }).EstimateOutput(new InferenceRequest { PromptTokens = long.MaxValue }));

    [Fact]
    public void Load_NamedByThoseThatGoByIt_IsTheirProducer()
    {
        var configuration = Loading.Accept("""
            plugins:
            - {type: inflight-load-producer, name: load, parameters: {syncCrossReplicaState: false, prefixMatchInfoProducerName: approx-prefix-cache-producer}}
            - type: approx-prefix-cache-producer
            - {type: active-request-scorer, parameters: {inFlightLoadProducerName: load}}
            - {type: token-load-scorer, parameters: {inFlightLoadProducerName: load}}

            """);

        Assert.Equal("load", Assert.Single(configuration.Plugins, plugin => plugin.Plugin is InFlightLoadProducer).Name);
    }

    [Theory]
    [InlineData("outputRatio: -0.1")]
    [InlineData("maxEstimatedOutputTokens: -1")]
    [InlineData("output-ratio: 1")]
    public void Load_BadParameter_IsRefusedWithItsPlace(string parameter) =>
        Assert.StartsWith("c.yaml:3:", Assert.Single(Loading.Load($"plugins: [{"{"}type: inflight-load-producer, parameters: {"{"}{parameter}{"}"}{"}"}]\n").Faults), StringComparison.Ordinal);
}
