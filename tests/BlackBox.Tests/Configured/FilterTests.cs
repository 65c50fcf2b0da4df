using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>A filter that leaves nobody, and a parser that takes every path.</summary>
public sealed class FilterTests(FilteredPicker picker) : IClassFixture<FilteredPicker>
{
    private const string Selection = "test-epp-endpoint-selection";

    private static readonly Refusal Drained =
        new(429, "inference error: ResourceExhausted - no endpoints available for the given request", "rejected-saturated");

    private readonly ExtProcClient _client = picker.ClientOf(FilteredPicker.Service);

    [Fact]
    public async Task Filter_ThatLeavesNobody_RefusesTheRequest()
    {
        Assert.Equal(Drained, await _client.RefuseAsync(Exchanges.Prompt("m")));
        Assert.Equal(Drained, await _client.RefuseAsync(Exchanges.Prompt("m"), Exchanges.Completions, (Selection, "")));
        Assert.Equal(Drained, await _client.RefuseAsync(Exchanges.Prompt("m"), Exchanges.Completions, (Selection, "203.0.113.9:80")));
    }

    [Fact]
    public async Task Filter_ThatLeavesNobody_IsAFailedAttempt()
    {
        const string Attempts = "llm_d_epp_scheduler_attempts_total";
        var before = (await picker.ReadMetricsAsync()).Sum(Attempts, ("status", "failure"));

        await _client.RefuseAsync(Exchanges.Prompt("m"));

        await picker.AwaitMetricAsync(before + 1, Attempts, ("status", "failure"));
        await picker.AwaitMetricAsync(before + 1, "inference_extension_scheduler_attempts_total", ("status", "failure"));
    }

    [Fact]
    public async Task Filter_ForABodylessRequest_IsNotAsked()
    {
        Assert.Contains((await _client.GetAsync()).SetHeader("x-gateway-destination-endpoint"), picker.Servers);
    }

    [Fact]
    public async Task Filter_ThatNamesServers_LeavesThem()
    {
        Assert.Equal([picker.Servers[3]], await PickedAsync(picker.Servers[3]));
        Assert.Equal([picker.Servers[1], picker.Servers[4]], await PickedAsync($"{picker.Servers[4]}, {picker.Servers[1]}"));

        // One of each address.
        Assert.Equal([picker.Servers[2]], await PickedAsync($"{picker.Servers[2]},{picker.Servers[3]}"));
        Assert.Single(await PickedAsync(picker.Servers[0][..picker.Servers[0].LastIndexOf(':')]));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"prompt":5}""")]
    public async Task Parser_ThatTakesEveryPath_HidesThoseBehindIt(string body)
    {
        var picked = await _client.PickAsync(body, Exchanges.Completions, (Selection, picker.Servers[0]));

        Assert.Equal(picker.Servers[0], picked.Destination);
        Assert.Equal(Exchanges.Utf8(body), picked.Body);
    }

    private async Task<List<string>> PickedAsync(string selection) =>
        [.. (await _client.PickAsync(Exchanges.Prompt("m"), Exchanges.Completions, (Selection, selection))).Destination!.Split(',').Order(StringComparer.Ordinal)];
}
