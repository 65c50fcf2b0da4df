using System.Text;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Responses;

/// <summary>The client sees the model's name that it has asked for, whatever served it.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class ModelNameTests(DefaultPicker picker)
{
    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Theory]
    [InlineData("""{"model":"base-v2","a":1}""", """{"model":"base","a":1}""")]
    [InlineData("""{"model": "base-v2","a":1}""", """{"model": "base","a":1}""")]
    [InlineData("""{"model":"base-v2","n":{"model":"base-v2"}}""", """{"model":"base","n":{"model":"base"}}""")]
    [InlineData("""{"model": "base-v2","n":{"model": "base-v2"}}""", """{"model": "base","n":{"model": "base"}}""")]
    [InlineData("""{"model":"base-v2","n":{"model": "base-v2"}}""", """{"model":"base","n":{"model": "base"}}""")]
    [InlineData("""{"model":"base-v22","parent":"base-v2"}""", """{"model":"base-v22","parent":"base-v2"}""")]
    [InlineData("""{"model" :"base-v2"}""", """{"model" :"base-v2"}""")]
    [InlineData("""{"text":"\"model\":\"base-v2\""}""", """{"text":"\"model\":\"base-v2\""}""")]
    public async Task Json_OfARewrittenRequest_NamesTheClientsModel(string served, string expected)
    {
        Assert.Equal(expected, await MapAsync("base", "application/json", served));
    }

    [Fact]
    public async Task Json_OfANameWithEscapes_NamesTheClientsModel()
    {
        Assert.Equal("""{"model":"quoted"}""", await MapAsync("quoted", "application/json", """{"model":"say \"hi\" \\ é"}"""));
    }

    [Fact]
    public async Task Json_OfARequestThatWasNotRewritten_StaysAsItIs()
    {
        Assert.Equal("""{"model":"base-v2"}""", await MapAsync("unnamed", "application/json", """{"model":"base-v2"}"""));
    }

    [Fact]
    public async Task Json_OfARequestWithoutAModel_StaysAsItIs()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync("""{"prompt":"x"}""", ExtProcExchange.Headers(Exchanges.Completions, "POST", ("x-llm-d-model-name-rewrite", "by-header")));

        var response = await exchange.SendResponseAsync(200, [("content-type", "application/json")], """{"model":"by-header"}""");

        Assert.Equal("""{"model":"by-header"}""", Encoding.UTF8.GetString(response.Body));
    }

    [Fact]
    public async Task Json_CutAnywhere_NamesTheClientsModel()
    {
        const string Served = """{"id":1,"model":"base-v2","a":1}""";
        for (var cut = 1; cut < Served.Length; cut++)
        {
            Assert.Equal("""{"id":1,"model":"base","a":1}""", await MapAsync("base", "application/json", Served[..cut], Served[cut..]));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Events_CutAnywhere_NameTheClientsModel(string space)
    {
        var served = "data: {\"model\":" + space + "\"base-v2\",\"a\":1}\n\ndata: {\"model\":" + space + "\"base-v2\",\"a\":2}\n\ndata: [DONE]\n\n";
        var expected = served.Replace("base-v2", "base", StringComparison.Ordinal);
        for (var cut = 1; cut < served.Length; cut++)
        {
            Assert.Equal(expected, await MapAsync("base", "text/event-stream", served[..cut], served[cut..]));
        }
    }

    [Fact]
    public async Task Events_ByteByByte_NameTheClientsModel()
    {
        const string Served = "data: {\"model\":\"base-v2\",\"model\":\"base-v2x\",\"mod\":\"model\"}\n\n";

        Assert.Equal(
            "data: {\"model\":\"base\",\"model\":\"base-v2x\",\"mod\":\"model\"}\n\n",
            await MapAsync("base", "text/event-stream", [.. Served.Select(letter => letter.ToString())]));
    }

    [Fact]
    public async Task Events_EndingInTheMidstOfAName_AreWhole()
    {
        Assert.Equal("data: {\"model\":\"base-v", await MapAsync("base", "text/event-stream", "data: {\"model\":", "\"base-v"));
    }

    [Fact]
    public async Task Events_EndingWithTrailersInTheMidstOfAName_AreWhole()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("base"));
        await exchange.SendResponseHeadersAsync(200, false, ("content-type", "text/event-stream"));
        await exchange.ReadAsync();
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("data: {\"model\":\"base-v2\"}\n\ndata: {\"mod"));
        await exchange.SendResponseTrailersAsync(("grpc-status", "0"));

        var body = new StringBuilder();
        var answer = await exchange.ReadAsync();
        for (; answer.ResponseCase == Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase.ResponseBody; answer = await exchange.ReadAsync())
        {
            body.Append(answer.Piece().Body.ToStringUtf8());
        }

        Assert.Equal(Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase.ResponseTrailers, answer.ResponseCase);
        Assert.Equal("data: {\"model\":\"base\"}\n\ndata: {\"mod", body.ToString());
    }

    [Fact]
    public async Task Json_OfManyChunks_NamesTheClientsModelEverywhere()
    {
        var served = "[" + string.Join(',', Enumerable.Repeat("{\"model\":\"base-v2\",\"x\":\"" + new string('a', 997) + "\"}", 400)) + "]";

        Assert.Equal(
            served.Replace("base-v2", "base", StringComparison.Ordinal),
            await MapAsync("base", "application/json", [.. served.Chunk(16_384).Select(piece => new string(piece))]));
    }

    private async Task<string> MapAsync(string model, string contentType, params string[] pieces)
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt(model));
        return Encoding.UTF8.GetString((await exchange.SendResponseAsync(200, [("content-type", contentType)], pieces)).Body);
    }
}
