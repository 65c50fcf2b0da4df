using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using static Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace Orleans.Inference.BlackBox.Tests.Requests;

/// <summary>Requests that end with their headers.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class BodylessTests(DefaultPicker picker)
{
    [Fact]
    public async Task Bodyless_WithARequestId_SetsTheDestinationAlone()
    {
        var answer = await picker.ClientOf(DefaultPicker.Main).GetAsync(("hi", "mom"));

        Assert.Equal(RequestHeaders, answer.ResponseCase);
        Assert.True(answer.RequestHeaders.Response.ClearRouteCache);
        Assert.Equal([("x-gateway-destination-endpoint", picker.MainServer)], answer.SetHeaders());
        Assert.Equal(picker.MainServer, Simulator.ExtProc.ExtProcMessages.MetadataDestinationOf(answer));
    }

    [Fact]
    public async Task Bodyless_WithoutARequestId_IsGivenOne()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Main).Open();
        await exchange.SendRequestHeadersAsync([(":path", "/v1/models"), (":method", "GET")], endOfStream: true);

        var set = (await exchange.ReadAsync()).SetHeaders();

        Assert.Equal(["x-gateway-destination-endpoint", "x-request-id"], set.Select(header => header.Name));
        Assert.Matches("^[0-9a-f-]{36}$", set[1].Value);
    }

    [Fact]
    public async Task Bodyless_OfAnyMethodAndPath_IsAnsweredOnceAndTheResponsePhaseFollows()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Main).Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Completions, "POST"), endOfStream: true);
        Assert.Equal(RequestHeaders, (await exchange.ReadAsync()).ResponseCase);

        var response = await exchange.SendResponseAsync(200, [("content-type", "application/json")], "{\"data\":[]}");

        Assert.Equal("{\"data\":[]}"u8.ToArray(), response.Body);
    }

    [Fact]
    public async Task Bodyless_OfAPoolOfSeveral_IsSpreadOverAll()
    {
        var picked = new HashSet<string>();
        for (var i = 0; i < 200 && picked.Count < picker.RankServers.Count; i++)
        {
            picked.Add((await picker.ClientOf(DefaultPicker.Ranks).GetAsync()).SetHeader("x-gateway-destination-endpoint")!);
        }

        Assert.Equal(picker.RankServers.Order(), picked.Order());
    }

    [Fact]
    public async Task Bodyless_WithASubset_IgnoresIt()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Main).Open();
        exchange.Stream.Context = Exchanges.Context(
            "envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", Google.Protobuf.WellKnownTypes.Value.ForList());
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET"), endOfStream: true);

        Assert.Equal(picker.MainServer, (await exchange.ReadAsync()).SetHeader("x-gateway-destination-endpoint"));
    }

    [Fact]
    public async Task Bodyless_IsNotCountedAsARequestToAModel()
    {
        var before = (await picker.ReadMetricsAsync()).Sum("llm_d_epp_request_total");
        await picker.ClientOf(DefaultPicker.Main).GetAsync();

        Assert.Equal(before, (await picker.ReadMetricsAsync()).Sum("llm_d_epp_request_total"));
    }

    [Fact]
    public async Task Bodyless_OfAnEmptyPool_IsRefusedWith500()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Empty).Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET"), endOfStream: true);

        Assert.Equal(new Refusal(500, "inference error: Internal - no pods available in datastore"), Refusal.Of(await exchange.ReadAsync()));
        Assert.Null(await exchange.TryReadAsync());
    }
}
