using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Fuzz.Targets;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>The chains of bodies of every shape: those of a document's text, wherever the body is cut and however its strings are written.</summary>
public sealed class PromptHashProperties
{
    private static readonly Dictionary<string, JsonApi> Apis = new()
    {
        ["completions"] = JsonApis.Completions,
        ["chat"] = JsonApis.ChatCompletions,
        ["messages"] = JsonApis.Messages,
        ["responses"] = JsonApis.Responses,
        ["conversations"] = JsonApis.Conversations,
        ["embeddings"] = JsonApis.Embeddings,
        ["vllm"] = JsonApis.VllmGenerate,
        ["sglang"] = JsonApis.SgLangGenerate,
    };

    public static TheoryData<string> ApiNames => [.. Apis.Keys];

    /// <summary>Text with what is special in strings, in stretches shorter and longer than the vectors that look for it.</summary>
    private static Gen<string> Written => Gen.Frequency(
            (6, Gen.Elements("a", "some text ", "é", "中", "😀", "{", "]", ",", ":", "/")),
            (6, Gen.Elements("\\\"", "\\\\", "\\n", "\\t", "\\r", "\\b", "\\f", "\\/", "\\u0041", "\\u00e9", "\\u00E9", "\\u4e2d", "\\uD83d\\ude00", "\\ud800", "\\udc00", "\\ud800\\u0041", "\\u0000")),
            (1, Gen.Choose(20, 90).Select(length => new string('x', length))))
        .ListOf().Select(parts => string.Concat(parts.Take(12)));

    private static Gen<string> Text => Written.Select(text => $"\"{text}\"");

    [Theory]
    [MemberData(nameof(ApiNames))]
    public void HashPrompt_AnyBody_GivesTheChainsOfTheDocumentsText(string name)
    {
        var api = Apis[name];
        var route = new RequestRoute(new JsonBody(api, new ModelNames()));
        var hashed = 0;
        Prop.ForAll(Bodies(api).ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(), (json, blockTokens) =>
        {
            var body = Encoding.UTF8.GetBytes(json);
            var blocks = new PromptBlocks(PrefixHashRule.Tokens, blockTokens, int.MaxValue);
            Assert.Null(route.Parse(new ReadOnlySequence<byte>(body)).Error);
            var (expected, tokens) = PromptOracle.Hash(body, api, "m", blocks);
            hashed += expected.TotalBlocks;

            AssertHashed(new ReadOnlySequence<byte>(body));
            for (var cut = 0; cut <= body.Length; cut++)
            {
                AssertHashed(Requests.Bodies.Split(body, cut));
            }

            AssertHashed(Requests.Bodies.Split(body, [.. Enumerable.Range(0, body.Length)]));

            void AssertHashed(ReadOnlySequence<byte> pieces)
            {
                var parsed = route.Parse(pieces);
                var hashes = new PrefixHashes();
                var counted = route.HashPrompt(pieces, parsed, "m", blocks, hashes);
                Assert.Null(PromptOracle.Difference(expected, tokens, hashes, counted));
                Assert.Equal(tokens, route.CountPromptTokens(pieces, parsed));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_250_301, 1));

        Assert.InRange(hashed, 100, int.MaxValue);
    }

    [Fact]
    public void HashPrompt_TextWrittenInAnyWay_GivesTheSameChain()
    {
        var characters = Gen.Elements("a", "\"", "\\", "/", "\n", "é", "中", "😀", "plain text of some length, and then a little more of it ").ListOf().Select(parts => string.Concat(parts.Take(40)));
        Prop.ForAll(characters.ToArbitrary(), Gen.Choose(0, 1000).ToArbitrary(), (text, seed) =>
        {
            var random = new Random(seed);
            Assert.Equal(Chain(text, _ => false), Chain(text, _ => true));
            Assert.Equal(Chain(text, _ => false), Chain(text, _ => random.Next(2) == 0));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20_250_301, 3));
    }

    /// <summary>The chain of a text of which those UTF-16 units that are chosen, and those that must be, are written as <c>\u0000</c>.</summary>
    private static ulong[] Chain(string text, Func<char, bool> asEscape)
    {
        // Of a surrogate pair both are, or neither.
        var written = string.Concat(text.EnumerateRunes().Select(rune =>
            asEscape(rune.ToString()[0]) || rune.Value is '"' or '\\' or < ' ' ? string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}")) : rune.ToString()));
        var body = Requests.Bodies.Whole($$"""{"messages":[{"role":"user","content":"{{written}}"}]}""");
        var route = new RequestRoute(new JsonBody(JsonApis.ChatCompletions, new ModelNames()));
        var hashes = new PrefixHashes();
        route.HashPrompt(body, route.Parse(body), "m", new PromptBlocks(PrefixHashRule.Tokens, 1, int.MaxValue), hashes);
        return hashes.Chain(0).ToArray();
    }

    /// <summary>Acceptable bodies of an API, with keys in any order, repeated ones, and others between them.</summary>
    private static Gen<string> Bodies(JsonApi api)
    {
        var content = api.Shape switch
        {
            ContentShape.Prompt or ContentShape.Input => Gen.OneOf(Text.Where(text => text.Length > 2), Text.NonEmptyListOf().Select(texts => $"[{string.Join(" , ", texts.Take(4))}]"), Numbers),
            ContentShape.Tokens => Numbers,
            ContentShape.Messages => Messages(api.Prompt == PromptForm.Chat ? ChatBlock : AnthropicBlock),
            _ => Text.Select(text => $$"""[ {"type":"x",{{"\n  "}}"a":[{{text}} , {{text}}]}]"""),
        };
        var others = Gen.OneOf(
            Text.Select(text => $"\"{Encoding.UTF8.GetString(api.CacheSalt)}\":{text}"),
            Text.Select(text => $$""" "tools":[ {"name"  : {{text}},{{"\r\n\t"}} "f":[1 , {{text}} ] } ]"""),
            Gen.Elements("\"tools\":null", "\"tools\":[]", "\"tools\":{ }", "\"instructions\":null", "\"system\":null", "\"x\":{\"prompt\":\"]}\"}", "\"stream\":true"),
            Text.Select(text => $"\"instructions\":{text}"),
            Text.Select(text => $"\"system\":{text}"),
            Text.Select(text => $$""" "system":[{"type":"text","text":{{text}} },{"text":"x-anthropic-billing-header 1","type":"text"}]"""));
        var key = Encoding.UTF8.GetString(api.Content);
        return from value in content
               from replaced in Gen.Elements("", $"\"{key}\":null,")
               from before in others.ListOf()
               from after in others.ListOf()
               from space in Gen.Elements("", " ", "\r\n\t")
               select "{" + space + replaced + string.Concat(before.Take(3).Select(member => member + "," + space)) + $"\"{key}\"{space}:{space}{value}" + string.Concat(after.Take(3).Select(member => space + "," + member)) + space + "}";
    }

    private static Gen<string> Numbers
    {
        get
        {
            var number = Gen.Frequency((8, Gen.Choose(0, 200_000).Select(id => $"{id}")), (1, Gen.Elements("0", "99999999", "100000000", "4294967295", "5.0", "1e3", "-0", "12345.000")));
            return from ids in number.NonEmptyListOf()
                   from separator in Gen.Elements(",", ", ", ",\n  ", " , ")
                   select $"[{string.Join(separator, ids)}]";
        }
    }

    private static Gen<string> ChatBlock => Gen.OneOf(
        Text.Select(text => $$"""{"type":"text","text":{{text}}}"""),
        Text.Select(text => $$"""{"text":{{text}}, "type":"t\u0065xt"}"""),
        Text.Select(text => $$$"""{"type":"image_url","image_url":{"detail":"low","url":{{{text}}}}}"""),
        Text.Select(text => $$"""{"type":"audio_url","audio_url":{{text}}}"""),
        Text.Select(text => $$$"""{"type":"input_audio","input_audio":{"data":{{{text}}},"format":"wav"}}"""),
        Gen.Elements("""{"type":"refusal","refusal":"no"}""", "{}", """{"type":null,"text":7}"""));

    private static Gen<string> AnthropicBlock => Gen.OneOf(
        Text.Select(text => $$"""{"type":"text","text":{{text}}}"""),
        Text.Select(text => $$"""{"type":"thinking","thinking":{{text}}}"""),
        Text.Select(text => $$$"""{"type":"image","source":{"type":"base64","data":{{{text}}}}}"""),
        Text.Select(text => $$$"""{"type":"tool_use","name":"n","id":"i","input":{"q": {{{text}}} }}"""),
        Text.Select(text => $$"""{"type":"tool_result","content":{{text}}}"""),
        Text.Select(text => $$$"""{"type":"tool_result","content":[{"type":"text","text":{{{text}}}},{"type":"image","source":{"url":{{{text}}}}},{"type":"text","text":"2"}]}"""));

    private static Gen<string> Messages(Gen<string> block)
    {
        var content = Gen.OneOf(Text, block.ListOf().Select(blocks => $"[ {string.Join(" ,", blocks.Take(3))}]"), Gen.Constant("null"));
        var message = from value in content
                      from role in Gen.Elements("\"user\"", "\"assistant\"", "\"us\\u0065r\"", "7")
                      from roleFirst in Gen.Elements(true, false)
                      select roleFirst ? $$"""{"role":{{role}},"content":{{value}} }""" : $$"""{ "content":{{value}},"name":"n", "role":{{role}}}""";
        return message.NonEmptyListOf().Select(messages => $"[{string.Join(",", messages.Take(3))} ]");
    }
}
