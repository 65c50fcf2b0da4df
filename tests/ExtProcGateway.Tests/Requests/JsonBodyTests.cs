using System.Buffers;
using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

public sealed class JsonBodyTests
{
    private static readonly ModelNames Names = new();

    private static ParsedRequest Parse(string body, JsonApi api) => Parse(Encoding.UTF8.GetBytes(body), api);

    private static ParsedRequest Parse(ReadOnlyMemory<byte> body, JsonApi api) => new JsonBody(api, Names).Parse(new ReadOnlySequence<byte>(body));

    [Theory]
    [InlineData("""{"model":"m","prompt":"p"}""", true)]
    [InlineData("""{"model":"m","prompt":["a","b"]}""", true)]
    [InlineData("""{"model":"m","prompt":[1,2,4294967295]}""", true)]
    [InlineData("""{"model":"m","prompt":[]}""", false)]
    [InlineData("""{"model":"m","prompt":[1,"a"]}""", false)]
    [InlineData("""{"model":"m","prompt":[1.5]}""", false)]
    [InlineData("""{"model":"m","prompt":[-1]}""", false)]
    [InlineData("""{"model":"m","prompt":[4294967296]}""", false)]
    [InlineData("""{"model":"m","prompt":[[1],[2]]}""", false)]
    [InlineData("""{"model":"m","prompt":null}""", false)]
    [InlineData("""{"model":"m","prompt":{"a":[1]}}""", false)]
    [InlineData("""{"model":"m","prompt":"","prompt":"p"}""", true)]
    [InlineData("""{"model":"m","nested":{"prompt":"p"}}""", false)]
    public void Parse_Prompt_AcceptsTheKnownShapesOnly(string body, bool accepted)
    {
        var parsed = Parse(body, JsonApis.Completions);

        Assert.Equal(accepted ? null : "invalid completions request: must have prompt field", parsed.Error);
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"hi"}]""", true)]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"hi"}]}]""", true)]
    [InlineData("""[{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},{"role":"tool","content":"2"}]""", true)]
    [InlineData("""[{"role":"assistant","tool_calls":[]}]""", true)]
    [InlineData("""[{"role":"user","content":7}]""", false)]
    [InlineData("""[{"role":"user","content":{"a":1}}]""", false)]
    [InlineData("""["hi"]""", false)]
    [InlineData("[]", false)]
    [InlineData("\"hi\"", false)]
    public void Parse_Messages_AcceptsTheKnownShapesOnly(string messages, bool accepted)
    {
        var parsed = Parse($$"""{"messages":{{messages}},"model":"m"}""", JsonApis.ChatCompletions);

        Assert.Equal(accepted ? null : "invalid chat completions request: must have valid messages field", parsed.Error);
    }

    [Theory]
    [InlineData("""{"model":"llama-é","prompt":"p","stream":true}""", "llama-é", true)]
    [InlineData("""{"stream":"true","model":"a\u0062c","prompt":"p"}""", "abc", false)]
    [InlineData("""{"model":"first","prompt":"p","model":"last"}""", "last", false)]
    [InlineData("""{"model":null,"prompt":"p","stream":false}""", "", false)]
    [InlineData("""{"options":{"model":"inner","stream":true},"prompt":"p"}""", "", false)]
    public void Parse_ModelAndStream_AreRead(string body, string model, bool stream)
    {
        var parsed = Parse(body, JsonApis.Completions);

        Assert.Null(parsed.Error);
        Assert.Equal(model, parsed.Model);
        Assert.Equal(stream, parsed.Stream);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(10_000, false)]
    public void Parse_DeepNesting_HasALimit(int depth, bool accepted)
    {
        var body = $$"""{"model":"m","prompt":"p","x":{{new string('[', depth)}}{{new string(']', depth)}}}""";

        Assert.Equal(accepted, Parse(body, JsonApis.Completions).Error is null);
    }

    [Fact]
    public void Parse_EveryTruncation_IsRefused()
    {
        var body = """{"model":"m","prompt":["a","é"],"n":1.5e3,"b":[true,null,{"c":"\u00e9"}]}"""u8.ToArray();
        Assert.Null(Parse(body, JsonApis.Completions).Error);
        for (var length = 0; length < body.Length; length++)
        {
            Assert.StartsWith(
                "error unmarshaling request bodyMap: ",
                Parse(body.AsMemory(0, length), JsonApis.Completions).Error,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_SameModelAgain_AllocatesNothing()
    {
        var body = new ReadOnlySequence<byte>("""{"model":"llama-3-8b","prompt":"hello","stream":true,"max_tokens":10}"""u8.ToArray());
        var parser = new JsonBody(JsonApis.Completions, Names);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                parser.Parse(body);
            }
        }));
    }
}
