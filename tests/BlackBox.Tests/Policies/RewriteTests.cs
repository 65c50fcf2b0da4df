using System.Text.Json;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Policies;

/// <summary>InferenceModelRewrite, and the header that rewrites the model.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class RewriteTests(DefaultPicker picker)
{
    private const string Header = "x-llm-d-model-name-rewrite";
    private const string OlderHeader = "x-gateway-model-name-rewrite";

    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);
    private readonly ExtProcClient _generic = picker.ClientOf(DefaultPicker.Ranks);

    [Theory]
    [InlineData("base", "base-v2")]
    [InlineData("other-base", "base-v2")]
    [InlineData("base-v2", "applied-twice")]
    [InlineData("aged", "from-the-older")]
    [InlineData("unnamed", "unnamed")]
    [InlineData("BASE", "BASE")]
    public async Task Rule_ForTheModel_IsAppliedOnceAndTheOldestWins(string model, string target)
    {
        Assert.Equal(target, await TargetAsync(_client, Exchanges.Prompt(model)));
    }

    [Fact]
    public async Task GenericRule_WithoutAnExactOne_AppliesToEveryModel()
    {
        Assert.Equal("generic", await TargetAsync(_generic, Exchanges.Prompt("m")));
        Assert.Equal("generic", await TargetAsync(_generic, """{"prompt":"x"}"""));
        Assert.Equal("exact", await TargetAsync(_generic, Exchanges.Prompt("named")));
    }

    [Fact]
    public async Task Rule_WithWeights_SplitsByThem()
    {
        const int Requests = 400;
        var counts = await CountAsync("split", Requests);

        // 40 of 400 are expected; beyond these bounds lie less than one of 10^6 runs.
        Assert.Equal(Requests, counts.GetValueOrDefault("split-a") + counts.GetValueOrDefault("split-b"));
        Assert.InRange(counts.GetValueOrDefault("split-b"), 11, 75);
    }

    [Fact]
    public async Task Rule_WithoutWeights_SplitsEvenly()
    {
        const int Requests = 200;
        var counts = await CountAsync("unweighted", Requests);

        Assert.Equal(Requests, counts.GetValueOrDefault("unweighted-a") + counts.GetValueOrDefault("unweighted-b"));
        Assert.InRange(counts.GetValueOrDefault("unweighted-a"), 60, 140);
    }

    [Fact]
    public async Task Rule_WithOneWeight_NeverChoosesATargetWithout()
    {
        Assert.Equal(new Dictionary<string, int> { ["half-weighted-a"] = 60 }, await CountAsync("half-weighted", 60));
    }

    [Theory]
    [InlineData(Header)]
    [InlineData("X-Llm-D-Model-Name-Rewrite")]
    [InlineData(OlderHeader)]
    public async Task RewriteHeader_OfAModelWithoutARule_NamesTheTarget(string header)
    {
        Assert.Equal("by-header", await TargetAsync(_client, Exchanges.Prompt("m"), (header, "by-header")));
    }

    [Fact]
    public async Task RewriteHeader_OfAModelWithARule_IsOverruled()
    {
        Assert.Equal("base-v2", await TargetAsync(_client, Exchanges.Prompt("base"), (Header, "by-header")));
    }

    [Fact]
    public async Task RewriteHeader_ThatNamesAModelWithARule_IsNotRewrittenAgain()
    {
        Assert.Equal("base", await TargetAsync(_client, Exchanges.Prompt("m"), (Header, "base")));
    }

    [Fact]
    public async Task RewriteHeader_OfBothNames_IsTheNewerEvenIfEmpty()
    {
        Assert.Equal("newer", await TargetAsync(_client, Exchanges.Prompt("m"), (OlderHeader, "older"), (Header, "newer")));
        Assert.Equal("m", await TargetAsync(_client, Exchanges.Prompt("m"), (OlderHeader, "older"), (Header, "")));
    }

    [Theory]
    [InlineData("""{"prompt":"x"}""")]
    [InlineData("""{"model":null,"prompt":"x"}""")]
    [InlineData("""{"model":5,"prompt":"x"}""")]
    [InlineData("""{"model":"","prompt":"x"}""")]
    [InlineData(" { \"prompt\" : \"x\" } ")]
    public async Task RewriteHeader_OfABodyWithoutAModel_GivesItOne(string body)
    {
        var picked = await _client.PickAsync(body, Exchanges.Completions, (Header, "by-header"));

        using var document = JsonDocument.Parse(picked.Body);
        Assert.Equal(["model", "prompt"], document.RootElement.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal("by-header", document.RootElement.GetProperty("model").GetString());
        Assert.Equal("x", document.RootElement.GetProperty("prompt").GetString());
        Assert.Equal(picked.Body!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), picked.SetHeaders["content-length"]);
    }

    [Theory]
    [InlineData(Exchanges.Chat, """{"model":"base","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("/v1/messages", """{"model":"base","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("/v1/responses", """{"model":"base","input":"x"}""")]
    [InlineData("/v1/embeddings", """{"model":"base","input":"x"}""")]
    [InlineData("/v1/conversations", """{"model":"base","items":[{}]}""")]
    [InlineData("/v1/images/generations", """{"model":"base","prompt":"x"}""")]
    [InlineData("/inference/v1/generate", """{"model":"base","token_ids":[1]}""")]
    public async Task Rule_OfEveryApi_EditsTheModel(string path, string body)
    {
        var picked = await _client.PickAsync(body, path);

        Assert.Equal(body.Replace("\"base\"", "\"base-v2\"", StringComparison.Ordinal), System.Text.Encoding.UTF8.GetString(picked.Body!));
    }

    [Fact]
    public async Task Rule_ThatIsApplied_IsCounted()
    {
        await _client.PickAsync(Exchanges.Prompt("other-base"));
        var before = await CountedAsync();
        await _client.PickAsync(Exchanges.Prompt("other-base"));

        await picker.AwaitMetricAsync(
            before + 1, "llm_d_epp_model_rewrite_decisions_total", ("model_rewrite_name", "b-older"), ("model_name", "other-base"), ("target_model", "base-v2"));
        Assert.True((await picker.ReadMetricsAsync()).Sum("llm_d_epp_request_total", ("model_name", "other-base"), ("target_model_name", "base-v2")) >= 2);

        async Task<double> CountedAsync() => (await picker.ReadMetricsAsync()).Sum(
            "llm_d_epp_model_rewrite_decisions_total", ("model_rewrite_name", "b-older"), ("model_name", "other-base"), ("target_model", "base-v2"));
    }

    private static async Task<string?> TargetAsync(ExtProcClient client, string body, params (string Name, string Value)[] headers)
    {
        var picked = await client.PickAsync(body, Exchanges.Completions, headers);
        Assert.Null(picked.Immediate);
        using var document = JsonDocument.Parse(picked.Body);
        return document.RootElement.GetProperty("model").GetString();
    }

    private async Task<Dictionary<string, int>> CountAsync(string model, int requests)
    {
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < requests; i++)
        {
            var target = (await TargetAsync(_client, Exchanges.Prompt(model)))!;
            counts[target] = counts.GetValueOrDefault(target) + 1;
        }

        return counts;
    }
}
