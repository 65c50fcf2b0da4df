using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>Plugins that have a say before the decision and after the response.</summary>
public sealed class RequestControlTests(AdmittingPicker picker) : IClassFixture<AdmittingPicker>
{
    private readonly ExtProcClient _client = picker.ClientOf(AdmittingPicker.Service);

    [Fact]
    public async Task Admission_ThatIsDenied_IsRefusedWith500AndItsReason()
    {
        // With twice as many waiting as a server should have, the denial is certain.
        await picker.AwaitMetricAsync(10, "llm_d_epp_per_endpoint_queue_size", ("name", "main"));

        var refusal = await _client.RefuseAsync(Exchanges.Prompt("m"), Exchanges.Completions, ("x-llm-d-inference-objective", "batch"));

        Assert.Equal((500, null), (refusal.Status, refusal.Reason));
        Assert.Matches("^inference error: Internal - request cannot be admitted: .+", refusal.Body);
        Assert.NotNull((await _client.PickAsync(Exchanges.Prompt("m"))).Destination);
    }

    [Theory]
    [InlineData("application/json", new[] { "{\"usage\":{\"prompt_tokens\":7,", "\"completion_tokens\":2}}" })]
    [InlineData("text/event-stream", new[] { "data: {\"a\":1}\n\n", "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n", "data: [DONE]\n\n" })]
    public async Task Metadata_OfAResponse_IsOnTheLastAnswerToItsBody(string contentType, string[] pieces)
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));

        var answers = (await exchange.SendResponseAsync(200, [("content-type", contentType)], pieces)).Answers;

        Assert.All(answers.SkipLast(1), answer => Assert.Null(answer.DynamicMetadata));
        Assert.Equal(15, answers[^1].DynamicMetadata.Fields["envoy.lb"].StructValue.Fields["cost"].NumberValue);
    }

    [Fact]
    public async Task Metadata_OfABigResponse_IsOnTheLastPieceAlone()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));

        var answers = (await exchange.SendResponseAsync(
            200, [("content-type", "application/json")], "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2},\"x\":\"" + new string('a', 130_000) + "\"}")).Answers;

        Assert.Equal(4, answers.Count);
        Assert.All(answers.SkipLast(1), answer => Assert.Null(answer.DynamicMetadata));
        Assert.NotNull(answers[^1].DynamicMetadata);
    }
}
