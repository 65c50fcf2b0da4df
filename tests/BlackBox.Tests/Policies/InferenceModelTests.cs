using System.Text.Json;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Policies;

/// <summary>InferenceModel of v1alpha2; how criticality sheds is with the refusals.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class InferenceModelTests(DefaultPicker picker)
{
    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Legacy);

    [Fact]
    public async Task TargetModels_WithWeights_SplitTheRequests()
    {
        var targets = new HashSet<string?>();
        for (var i = 0; i < 60; i++)
        {
            targets.Add(await TargetAsync("chat"));
        }

        Assert.Equal(["chat-v1", "chat-v2"], targets.Order());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("unlisted")]
    public async Task Model_WithoutTargets_StaysAsItIs(string model)
    {
        Assert.Equal(model, await TargetAsync(model));
    }

    [Theory]
    [InlineData("chat", "100")]
    [InlineData("plain", "0")]
    [InlineData("unlisted-too", "0")]
    public async Task Criticality_OfTheModel_IsThePriority(string model, string priority)
    {
        await TargetAsync(model);

        await Bounds.UntilAsync(
            async () => (await picker.ReadMetricsAsync()).Sum("llm_d_epp_request_total", ("model_name", model), ("priority", priority)) > 0,
            $"requests of {model} have priority {priority}");
    }

    private async Task<string?> TargetAsync(string model)
    {
        using var document = JsonDocument.Parse((await _client.PickAsync(Exchanges.Prompt(model))).Body);
        return document.RootElement.GetProperty("model").GetString();
    }
}
