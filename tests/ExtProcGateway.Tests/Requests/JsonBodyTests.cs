using System.Buffers;
using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

public sealed class JsonBodyTests
{
    private static readonly ModelNames Names = new();

    private static JsonApi Api(string name) => name switch
    {
        "chat" => JsonApis.ChatCompletions,
        "completions" => JsonApis.Completions,
        "embeddings" => JsonApis.Embeddings,
        "responses" => JsonApis.Responses,
        "conversations" => JsonApis.Conversations,
        "images" => JsonApis.Images,
        "messages" => JsonApis.Messages,
        "vllm" => JsonApis.VllmGenerate,
        "sglang" => JsonApis.SgLangGenerate,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static ParsedRequest Parse(string body, JsonApi api) => Parse(Encoding.UTF8.GetBytes(body), api);

    private static ParsedRequest Parse(ReadOnlyMemory<byte> body, JsonApi api) => new JsonBody(api, Names).Parse(new ReadOnlySequence<byte>(body));

    [Theory]
    [InlineData("""{"model":"m","prompt":"p"}""", true)]
    [InlineData("""{"model":"m","prompt":["a","b"]}""", true)]
    [InlineData("""{"model":"m","prompt":[1,2,4294967295]}""", true)]
    [InlineData("""{"model":"m","prompt":[]}""", false)]
    [InlineData("""{"model":"m","prompt":[1,"a"]}""", false)]
    [InlineData("""{"model":"m","prompt":[1.0,2e3,0]}""", true)]
    [InlineData("""{"model":"m","prompt":[1.5]}""", false)]
    [InlineData("""{"model":"m","prompt":[null]}""", false)]
    [InlineData("""{"model":"m","prompt":["a",null]}""", false)]
    [InlineData("""{"model":"m","prompt":""}""", false)]
    [InlineData("""{"model":"m","prompt":[1e400]}""", false)]
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
    [InlineData("""[{"role":"user","content":""}]""", true)]
    [InlineData("""[{"role":"user","content":[]}]""", true)]
    [InlineData("""[{"role":"user","content":["hi"]}]""", false)]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"hi"},7]}]""", false)]
    [InlineData("""[{"role":"user","content":7}]""", false)]
    [InlineData("""[{"role":"user","content":"hi"},{"role":"user","content":true}]""", false)]
    [InlineData("null", false)]
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
    [InlineData("embeddings", """{"model":"m","input":"a"}""", null)]
    [InlineData("embeddings", """{"model":"m","input":["a"]}""", null)]
    [InlineData("embeddings", """{"model":"m","input":[1,2]}""", null)]
    [InlineData("embeddings", """{"model":"m","input":""}""", "invalid embeddings request: must have input field")]
    [InlineData("embeddings", """{"model":"m","input":{}}""", "invalid embeddings request: must have input field")]
    [InlineData("responses", """{"model":"m","input":""}""", null)]
    [InlineData("responses", """{"model":"m","input":[{"role":"user","content":"a"}]}""", null)]
    [InlineData("responses", """{"model":"m","input":null}""", "invalid responses request: must have input field")]
    [InlineData("responses", """{"model":"m"}""", "invalid responses request: must have input field")]
    [InlineData("conversations", """{"model":"m","items":[{"type":"message"}]}""", null)]
    [InlineData("conversations", """{"model":"m","items":[]}""", "invalid conversations request: must have items field")]
    [InlineData("conversations", """{"model":"m","items":["a"]}""", "invalid conversations request: must have items field")]
    [InlineData("conversations", """{"model":"m","items":{"a":1}}""", "invalid conversations request: must have items field")]
    [InlineData("images", """{"model":"m","prompt":"a cat"}""", null)]
    [InlineData("images", """{"model":"m","prompt":""}""", "invalid images generations request: must have prompt field")]
    [InlineData("images", """{"model":"m","prompt":["a cat"]}""", "invalid images generations request: must have prompt field")]
    [InlineData("messages", """{"model":"m","messages":[{"role":"user","content":"a"}],"system":"b"}""", null)]
    [InlineData("messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"}]}]}""", null)]
    [InlineData("messages", """{"model":"m","messages":[]}""", "invalid messages request: must have at least one message")]
    [InlineData("messages", """{"model":"m","messages":null}""", "invalid messages request: must have at least one message")]
    [InlineData("messages", """{"model":"m"}""", "invalid messages request: must have at least one message")]
    [InlineData("vllm", """{"model":"m","token_ids":[1,2]}""", null)]
    [InlineData("vllm", """{"model":"m","token_ids":[]}""", "invalid generate request: must have token_ids field")]
    [InlineData("vllm", """{"model":"m","token_ids":["a"]}""", "invalid generate request: token_ids must be an array of token ids")]
    [InlineData("vllm", """{"model":"m","token_ids":"a"}""", "invalid generate request: token_ids must be an array of token ids")]
    [InlineData("sglang", """{"input_ids":[1,2],"extra_key":"a"}""", null)]
    [InlineData("sglang", """{"input_ids":[1,2],"extra_key":null}""", null)]
    [InlineData("sglang", """{"text":"a"}""", "invalid generate request: must have input_ids field")]
    [InlineData("sglang", """{"input_ids":[]}""", "invalid generate request: must have input_ids field")]
    [InlineData("sglang", """{"input_ids":[[1],[2]]}""", "invalid generate request: input_ids must be an array of token ids")]
    [InlineData("sglang", """{"input_ids":[-1]}""", "invalid generate request: input_ids must be an array of token ids")]
    [InlineData("sglang", """{"input_ids":[4294967296]}""", "invalid generate request: input_ids must be an array of token ids")]
    [InlineData("sglang", """{"input_ids":[1],"extra_key":7}""", "invalid generate request: extra_key must be a string")]
    public void Parse_ContentOfOtherApis_IsRequired(string api, string body, string? error) => Assert.Equal(error, Parse(body, Api(api)).Error);

    /// <summary>A piece without bytes follows the literal: the platform's reader then throws an IndexOutOfRangeException of its own.</summary>
    [Theory]
    [InlineData("t")]
    [InlineData("tru")]
    [InlineData("fals")]
    [InlineData("n")]
    public void Parse_LiteralCutOffBeforeAnEmptyPiece_IsRefused(string literal)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"prompt":"p","stream":{{literal}}""");
        var error = new JsonBody(JsonApis.Completions, Names).Parse(Bodies.Split(body, body.Length)).Error;

        Assert.StartsWith("error unmarshaling request bodyMap: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mod\\u0065l", "name")]
    [InlineData("\\u006D\\u006f\\u0064\\u0065\\u006c", "name")]
    [InlineData("mode\\l", null)]
    [InlineData("mode\\ud800", "")]
    [InlineData("\\ud800", "")]
    [InlineData("model\\u0000", "")]
    [InlineData("mode\\u016c", "")]
    [InlineData("mode\\t", "")]
    [InlineData("model ", "")]
    public void Parse_EscapedKey_IsComparedUnescaped(string key, string? model)
    {
        var parsed = Parse($$"""{"{{key}}":"name","prompt":"p"}""", JsonApis.Completions);

        Assert.Equal(model is null, parsed.Error is not null);
        Assert.Equal(model ?? "", parsed.Model);
    }

    [Theory]
    [InlineData("completions", "error unmarshaling request bodyMap: ")]
    [InlineData("responses", "error unmarshaling request bodyMap: ")]
    [InlineData("messages", "error unmarshaling request body: ")]
    public void Parse_NoObject_IsRefusedByTheApisText(string api, string beginning)
    {
        foreach (var body in (string[])["", " ", "null", "[]", "7", "{", "{}x", "{} {}", "{'a':1}", "{\"a\":01}", "\uFEFF{}", "{\"model\":\"\\ud800\",\"prompt\":\"p\"}"])
        {
            var error = Parse(body, Api(api)).Error;

            Assert.StartsWith(beginning, error, StringComparison.Ordinal);
            Assert.True(error!.Length > beginning.Length, "it tells what is wrong");
        }
    }

    [Fact]
    public void Parse_AnthropicMessagesOfAnotherShape_AreUndecodable()
    {
        foreach (var messages in (string[])["\"a\"", "{}", "[7]", """[{"role":"user","content":7}]"""])
        {
            Assert.StartsWith("error unmarshaling request body: ", Parse($$"""{"model":"m","messages":{{messages}}}""", JsonApis.Messages).Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("chat", "\"max_completion_tokens\":5,\"max_tokens\":7", 5L)]
    [InlineData("chat", "\"max_tokens\":7,\"max_completion_tokens\":5", 5L)]
    [InlineData("chat", "\"max_completion_tokens\":null,\"max_tokens\":7", 7L)]
    [InlineData("chat", "\"max_completion_tokens\":-1,\"max_tokens\":7.0", 7L)]
    [InlineData("chat", "\"max_completion_tokens\":1.5", null)]
    [InlineData("completions", "\"max_tokens\":0", 0L)]
    [InlineData("completions", "\"max_tokens\":1e3", 1000L)]
    [InlineData("completions", "\"max_tokens\":\"7\"", null)]
    [InlineData("completions", "\"max_tokens\":1e300", null)]
    [InlineData("completions", "\"max_tokens\":99999999999999999999", null)]
    [InlineData("completions", "\"max_tokens\":{\"max_tokens\":7}", null)]
    [InlineData("completions", "\"max_completion_tokens\":7", null)]
    [InlineData("completions", "\"max_tokens\":7,\"max_tokens\":8", 8L)]
    [InlineData("responses", "\"max_output_tokens\":7,\"max_tokens\":8", 7L)]
    [InlineData("messages", "\"max_tokens\":7", 7L)]
    [InlineData("vllm", "\"sampling_params\":{\"max_tokens\":7},\"max_tokens\":8", 7L)]
    [InlineData("vllm", "\"sampling_params\":{\"max_tokens\":7},\"sampling_params\":{}", null)]
    [InlineData("sglang", "\"sampling_params\":{\"a\":{\"max_new_tokens\":8},\"max_new_tokens\":7}", 7L)]
    [InlineData("sglang", "\"sampling_params\":[{\"max_new_tokens\":8}]", null)]
    [InlineData("embeddings", "\"max_tokens\":7", null)]
    public void Parse_MaxOutputTokens_AreTheApisOwn(string api, string fields, long? expected)
    {
        const string Contents = "\"prompt\":\"p\",\"input\":\"i\",\"messages\":[{}],\"token_ids\":[1],\"input_ids\":[1]";
        var before = Parse("{" + fields + "," + Contents + "}", Api(api));
        var behind = Parse("{" + Contents + "," + fields + "}", Api(api));

        Assert.Null(before.Error);
        Assert.Equal(expected, before.MaxOutputTokens);
        Assert.Equal(expected, behind.MaxOutputTokens);
    }

    [Theory]
    [InlineData("completions", "\"cache_salt\":\"a\\\"b\"", "\"a\\\"b\"")]
    [InlineData("completions", "\"cache_salt\" : \"é\" ", "\"é\"")]
    [InlineData("completions", "\"cache_salt\":\"\"", "")]
    [InlineData("completions", "\"cache_salt\":7", "")]
    [InlineData("completions", "\"cache_salt\":\"a\",\"cache_salt\":null", "")]
    [InlineData("completions", "\"extra_key\":\"a\"", "")]
    [InlineData("sglang", "\"extra_key\":\"a\"", "\"a\"")]
    public void Parse_CacheSalt_IsFoundInTheBody(string api, string field, string expected)
    {
        var body = Encoding.UTF8.GetBytes("{\"prompt\":\"p\",\"input_ids\":[1]," + field + "}");
        var parsed = Parse(body, Api(api));

        Assert.Null(parsed.Error);
        Assert.Equal(expected, Encoding.UTF8.GetString(body.AsSpan((int)parsed.CacheSaltOffset, parsed.CacheSaltLength)));
    }

    [Fact]
    public void Parse_SgLang_ReadsNoModel()
    {
        var parsed = Parse("""{"model":"m","input_ids":[1],"stream":true}""", JsonApis.SgLangGenerate);

        Assert.Null(parsed.Error);
        Assert.Equal("", parsed.Model);
        Assert.False(parsed.CanEditModel);
        Assert.True(parsed.Stream);
    }

    [Theory]
    [InlineData(9_999, true)]
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

    /// <summary>In one piece, and in pieces that end everywhere: within the name, within numbers, within keys.</summary>
    [Fact]
    public void Parse_SameModelAgain_AllocatesNothing()
    {
        var bytes = """{"model":"llama\u002d3","prompt":[10,11,12.0],"stream":true,"max_tokens":10,"cache_salt":"ab","n":1.25}"""u8.ToArray();
        ReadOnlySequence<byte>[] bodies =
            [new(bytes), .. Enumerable.Range(1, bytes.Length - 1).Select(end => Bodies.Split(bytes, end)), Bodies.Split(bytes, [.. Enumerable.Range(1, bytes.Length - 1)])];
        var parser = new JsonBody(JsonApis.Completions, Names);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            foreach (ref readonly var body in bodies.AsSpan())
            {
                parser.Parse(body);
            }
        }));
    }
}
