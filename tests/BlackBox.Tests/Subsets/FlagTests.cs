using Google.Protobuf.WellKnownTypes;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary><c>--emit-endpoint-scores</c> and <c>--disable-endpoint-subset-filter</c>.</summary>
public sealed class FlagTests(FlaggedPicker picker) : IClassFixture<FlaggedPicker>
{
    private readonly ExtProcClient _client = picker.ClientOf(FlaggedPicker.Service);

    [Fact]
    public async Task Scores_OfAllServers_AreInTheMetadataAndTheBestIsPicked()
    {
        await picker.AwaitMetricAsync(4, "llm_d_epp_per_endpoint_queue_size", ("name", "main"));

        var picked = await _client.PickAsync(Exchanges.Prompt("m"));

        Assert.Equal(picker.Servers[0], picked.Destination);
        var fields = picked.Answers[0].DynamicMetadata.Fields["envoy.lb"].StructValue.Fields;
        Assert.Equal(["x-gateway-destination-endpoint", "x-gateway-destination-endpoint-scores"], fields.Keys.Order());
        Assert.Equal(picker.Servers[0], fields["x-gateway-destination-endpoint"].StringValue);
        var scores = fields["x-gateway-destination-endpoint-scores"].StructValue.Fields;
        Assert.Equal(picker.Servers.Order(), scores.Keys.Order());
        Assert.All(scores.Values, score => Assert.Equal(Value.KindOneofCase.NumberValue, score.KindCase));
        Assert.True(scores[picker.Servers[0]].NumberValue > scores[picker.Servers[1]].NumberValue);
    }

    [Fact]
    public async Task Scores_OfAServerWithoutFigures_ForgetRequestsThatHaveEnded()
    {
        using var client = picker.ClientOf(FlaggedPicker.SilentService);
        await picker.Picker.AwaitPickAsync(FlaggedPicker.SilentService);
        await client.PickAsync(Exchanges.Prompt("m")); // from here on the server holds the prompt
        var first = await ScoreAsync();
        for (var i = 0; i < 50; i++)
        {
            await client.PickAsync(Exchanges.Prompt("m"));
        }

        Assert.Equal(first, await ScoreAsync());

        async Task<double> ScoreAsync()
        {
            await picker.Picker.AwaitOpenStreamsAsync(0);
            var answer = (await client.PickAsync(Exchanges.Prompt("m"))).Answers[0];
            return answer.DynamicMetadata.Fields["envoy.lb"].StructValue.Fields["x-gateway-destination-endpoint-scores"].StructValue.Fields.Single().Value.NumberValue;
        }
    }

    [Fact]
    public async Task Scores_OfABodylessRequest_AreNotThere()
    {
        var fields = (await _client.GetAsync()).DynamicMetadata.Fields["envoy.lb"].StructValue.Fields;

        Assert.Equal(["x-gateway-destination-endpoint"], fields.Keys);
    }

    [Fact]
    public async Task Subset_ThatMatchesNothing_IsIgnored()
    {
        using var exchange = _client.Open();
        exchange.Stream.Context = Exchanges.Context("envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", Value.ForList());

        Assert.Contains((await exchange.SendRequestAsync(Exchanges.Prompt("m"))).Destination, picker.Servers);
    }
}
