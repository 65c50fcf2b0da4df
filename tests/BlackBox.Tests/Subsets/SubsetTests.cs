using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.Simulator.ExtProc;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>The gateway's subset of candidates, all of which are named as destinations.</summary>
public sealed class SubsetTests(RanksPicker picker) : IClassFixture<RanksPicker>
{
    private const string Space = "envoy.lb.subset_hint";
    private const string Key = "x-gateway-destination-endpoint-subset";
    private const string Nobody = "203.0.113.9:80";

    private static readonly Refusal NoCandidates =
        new(503, "inference error: ServiceUnavailable - failed to find endpoint candidates for serving the request", "rejected-no-endpoints");

    private readonly ExtProcClient _client = picker.ClientOf(RanksPicker.Service);

    private string FirstAddress => picker.Servers[0][..picker.Servers[0].LastIndexOf(':')];

    [Fact]
    public async Task Subset_OfAddressAndPort_HasThatServerAlone()
    {
        Assert.Equal([picker.Servers[1]], await PickedAsync(List(picker.Servers[1])));
        Assert.Equal([picker.Servers[2]], await PickedAsync(List(Nobody, picker.Servers[2])));
    }

    [Fact]
    public async Task Subset_OfAnAddress_HasAllItsServers()
    {
        Assert.Equal([picker.Servers[0], picker.Servers[1]], await PickedAsync(List(FirstAddress)));
    }

    [Fact]
    public async Task Subset_AsACommaString_HasTheSame()
    {
        Assert.Equal([picker.Servers[3]], await PickedAsync(Value.ForString(picker.Servers[3])));
        Assert.Equal(
            new[] { picker.Servers[0], picker.Servers[3] }.Order(StringComparer.Ordinal),
            await PickedAsync(Value.ForString($"{Nobody},{picker.Servers[3]}, {picker.Servers[0]}")));
        Assert.Equal([picker.Servers[0], picker.Servers[1]], await PickedAsync(Value.ForString(FirstAddress)));
    }

    [Fact]
    public async Task Subset_WithEntriesThatAreNoStrings_HasTheOthers()
    {
        Assert.Equal(
            [picker.Servers[1]],
            await PickedAsync(Value.ForList(Value.ForNumber(5), Value.ForString(picker.Servers[1]), Value.ForNull(), Value.ForBool(true))));
    }

    [Fact]
    public async Task Subset_OfNothingThatIsThere_IsRefused()
    {
        Assert.Equal(NoCandidates, await RefusedAsync(List(Nobody)));
        Assert.Equal(NoCandidates, await RefusedAsync(Value.ForList()));
        Assert.Equal(NoCandidates, await RefusedAsync(Value.ForList(Value.ForNumber(5))));
        Assert.Equal(NoCandidates, await RefusedAsync(Value.ForString(Nobody)));
        Assert.Equal(NoCandidates, await RefusedAsync(List(FirstAddress + ":1")));
    }

    [Fact]
    public async Task Subset_ThatIsNoSubset_IsIgnored()
    {
        var all = picker.Servers.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(all, await PickedAsync(Value.ForNumber(5)));
        Assert.Equal(all, await PickedAsync(Value.ForStruct(new Struct())));
        Assert.Equal(all, await PickedAsync(Exchanges.Context(Space, "another-key", List(Nobody)), Exchanges.Context(Space, "another-key", List(Nobody))));
        Assert.Equal(all, await PickedAsync(Exchanges.Context("envoy.lb", Key, List(Nobody)), Exchanges.Context("envoy.lb", Key, List(Nobody))));
    }

    [Fact]
    public async Task Subset_OfTheHeadersAlone_Counts()
    {
        Assert.Equal([picker.Servers[2]], await PickedAsync(Exchanges.Context(Space, Key, List(picker.Servers[2])), new Metadata()));
    }

    [Fact]
    public async Task Subset_OfTheBodyAlone_Counts()
    {
        Assert.Equal([picker.Servers[2]], await PickedAsync(new Metadata(), Exchanges.Context(Space, Key, List(picker.Servers[2]))));
    }

    [Fact]
    public async Task Subset_OfHeadersAndBody_IsThatOfTheBody()
    {
        Assert.Equal(
            [picker.Servers[1]],
            await PickedAsync(Exchanges.Context(Space, Key, List(picker.Servers[2])), Exchanges.Context(Space, Key, List(picker.Servers[1]))));
    }

    [Fact]
    public async Task Subset_AsARequestHeader_IsIgnored()
    {
        var picked = await _client.PickAsync(Exchanges.Prompt("m"), Exchanges.Completions, (Key, Nobody));

        Assert.Equal(picker.Servers.Count, picked.Destination!.Split(',').Length);
    }

    private static Value List(params IEnumerable<string> entries) => Value.ForList([.. entries.Select(Value.ForString)]);

    private Task<List<string>> PickedAsync(Value subset) => PickedAsync(Exchanges.Context(Space, Key, subset), Exchanges.Context(Space, Key, subset));

    private async Task<List<string>> PickedAsync(Metadata withHeaders, Metadata withBody)
    {
        using var exchange = _client.Open();
        await SendAsync(exchange, withHeaders, withBody);
        return [.. ExtProcMessages.DestinationOf(await exchange.ReadAsync())!.Split(',').Order(StringComparer.Ordinal)];
    }

    private async Task<Refusal> RefusedAsync(Value subset)
    {
        using var exchange = _client.Open();
        await SendAsync(exchange, Exchanges.Context(Space, Key, subset), Exchanges.Context(Space, Key, subset));
        return Refusal.Of(await exchange.ReadAsync());
    }

    private static async Task SendAsync(ExtProcExchange exchange, Metadata withHeaders, Metadata withBody)
    {
        exchange.Stream.Context = withHeaders;
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        exchange.Stream.Context = withBody;
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: true);
    }
}
