using System.Text;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Requests;

/// <summary>Corners of JSON: what the reference pickers' decoder takes is taken, what it refuses is refused.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class JsonEdgeTests(DefaultPicker picker)
{
    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Theory]
    [InlineData("""{"model":"other","prompt":"x","model":"base"}""", """{"model":"other","prompt":"x","model":"base-v2"}""")]
    [InlineData("""{"model":"base","prompt":"x","model":"other"}""", """{"model":"base","prompt":"x","model":"other"}""")]
    [InlineData("""{"model":5,"prompt":"x","model":"base"}""", """{"model":5,"prompt":"x","model":"base-v2"}""")]
    [InlineData("""{"mod\u0065l":"base","prompt":"x"}""", """{"mod\u0065l":"base-v2","prompt":"x"}""")]
    [InlineData("""{"model":"base","prompt":5,"prompt":"x"}""", """{"model":"base-v2","prompt":5,"prompt":"x"}""")]
    [InlineData("""{"model":"base","pr\u006fmpt":"x"}""", """{"model":"base-v2","pr\u006fmpt":"x"}""")]
    [InlineData("""{"model":"\u0062\u0061\u0073\u0065","prompt":"x"}""", """{"model":"base-v2","prompt":"x"}""")]
    [InlineData("""{"model":"base","prompt":"\ud800 lone"}""", """{"model":"base-v2","prompt":"\ud800 lone"}""")]
    [InlineData("""{"model":"base","prompt":"x","n":-0,"f":1.5e-7,"t":[true,false,null,{}]}""", """{"model":"base-v2","prompt":"x","n":-0,"f":1.5e-7,"t":[true,false,null,{}]}""")]
    public async Task Json_OfRareForms_IsReadAsTheDecoderReadsIt(string body, string expected)
    {
        Assert.Equal(expected, Encoding.UTF8.GetString((await _client.PickAsync(body)).Body!));
    }

    [Theory]
    [InlineData("""{"model":"m","prompt":"x","prompt":5}""")]
    [InlineData("""{"model":"m","prompt":"x","model":5}""")]
    [InlineData("{\"model\":\"m\",\"prompt\":\"a\nb\"}")]
    [InlineData("""{"model":"m","prompt":"\x"}""")]
    [InlineData("""{"model":"m","prompt":"x","n":01}""")]
    [InlineData("""{"model":"m","prompt":"x","n":.5}""")]
    [InlineData("""{"model":"m","prompt":"x","n":+5}""")]
    [InlineData("""{"model":"m","prompt":"x","n":NaN}""")]
    [InlineData("""{"model":"m","prompt":"x","n":tru}""")]
    [InlineData("""{'model':'m','prompt':'x'}""")]
    [InlineData("""{"model":"m","prompt":"x" "n":1}""")]
    [InlineData("""{"model":"m","prompt":"x"}{"model":"m"}""")]
    [InlineData("""{"model":"m","prompt":"x"/*comment*/}""")]
    public async Task Json_ThatTheDecoderRefuses_IsRefused(string body)
    {
        Assert.Equal(400, (await _client.RefuseAsync(body)).Status);
    }

    [Fact]
    public async Task Json_WithBytesThatAreNoUtf8_IsForwardedAsItIs()
    {
        byte[] body = [.. Exchanges.Utf8("{\"model\":\"m\",\"prompt\":\""), 0xff, 0xc3, 0x28, .. Exchanges.Utf8("\"}")];
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(body, endOfStream: true);

        Assert.Equal(picker.MainServer, (await exchange.ReadAsync()).SetHeader("x-gateway-destination-endpoint"));
        Assert.Equal(body, (await exchange.ReadAsync()).Piece().Body.ToByteArray());
    }

    [Theory]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1"}]}""", true)]
    [InlineData("""{"role":"assistant","content":null}""", true)]
    [InlineData("""{"role":"user","content":""}""", true)]
    [InlineData("""{"role":"user","content":[]}""", true)]
    [InlineData("""{"role":"user","content":["x"]}""", false)]
    [InlineData("""{"role":"user","content":{"type":"text"}}""", false)]
    [InlineData("\"x\"", false)]
    public async Task Messages_WithContentOfAnyKind_AreTakenWhereItIsDecodable(string message, bool taken)
    {
        var picked = await _client.PickAsync($$"""{"model":"m","messages":[{"role":"user","content":"x"},{{message}}]}""", Exchanges.Chat);

        Assert.Equal(taken ? 0 : 400, picked.ImmediateStatus);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(9_000)]
    public async Task Json_NestedDeeply_IsForwarded(int depth)
    {
        var body = Exchanges.Prompt("m", ",\"deep\":" + new string('[', depth) + new string(']', depth));

        Assert.Equal(Exchanges.Utf8(body), (await _client.PickAsync(body)).Body);
    }

    [Fact]
    public async Task Json_NestedTooDeeply_IsRefused()
    {
        var body = Exchanges.Prompt("m", ",\"deep\":" + new string('[', 1_000_000) + new string(']', 1_000_000));

        Assert.Equal(400, (await _client.RefuseAsync(body)).Status);
    }
}
