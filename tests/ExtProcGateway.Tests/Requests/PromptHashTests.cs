using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.TestKit;
using static Orleans.Inference.ExtProcGateway.Tests.Requests.GrpcBodies;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>The chains of real bodies. The expected prompts are written out by hand, after the reference picker's estimate of tokens.</summary>
public sealed class PromptHashTests
{
    private static readonly RequestRoutes Routes = new(
        [ParserTypes.OpenAi, ParserTypes.Anthropic, ParserTypes.VllmHttp, ParserTypes.SgLangHttp, ParserTypes.VllmGrpc, ParserTypes.VertexAi, ParserTypes.Passthrough],
        new ModelNames(),
        NullLogger.Instance);

    private static readonly ulong[] Plain = [0x01c14ed38b5673ed, 0xac9b9ef0542ef9b0, 0xa376f0af8c934861];
    private static readonly ulong[] Salted = [0x3053e754e4c13334, 0xf160071a61423b09, 0x48fb08f593830bb4];
    private static readonly ulong[] Ids = [0xe5a7cf657f82cb5b, 0x0eb77b4d2a83db16, 0x5f87fbd0868f153e];

    private static (PrefixHashes Hashes, long Tokens) Hash(string path, ReadOnlySequence<byte> body, string model, PromptBlocks? blocks = null)
    {
        var route = Routes.Resolve(Encoding.ASCII.GetBytes(path));
        Assert.NotNull(route);
        var parsed = route.Parse(body);
        Assert.Null(parsed.Error);
        var hashes = new PrefixHashes();
        var tokens = route.HashPrompt(body, parsed, model, blocks ?? new PromptBlocks(PrefixHashRule.Tokens, 64, 2048), hashes);
        Assert.Equal(tokens, route.CountPromptTokens(body, parsed));
        return (hashes, tokens);
    }

    private static (PrefixHashes Hashes, long Tokens) Hash(string path, string body, string model = "my-model", PromptBlocks? blocks = null) => Hash(path, Bodies.Whole(body), model, blocks);

    private static ulong[] Chain(string path, string body, string model = "my-model")
    {
        var hashes = Hash(path, body, model).Hashes;
        Assert.Equal(1, hashes.ChainCount);
        return hashes.Chain(0).ToArray();
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"cache_salt\":\"\"")]
    [InlineData(",\"cache_salt\":null")]
    public void Completions_Text_GivesTheGoldenChain(string more) =>
        Assert.Equal(Plain, Chain("/v1/completions", $$"""{"prompt":"{{new string('a', 600)}}","model":"x"{{more}}}"""));

    [Theory]
    [InlineData("\"s1\"")]
    [InlineData("\"\\u00731\"")]
    public void Completions_CacheSalt_GivesTheGoldenChain(string salt) =>
        Assert.Equal(Salted, Chain("/v1/completions", $$"""{"cache_salt":{{salt}},"prompt":"{{new string('a', 600)}}"}"""));

    [Theory]
    [InlineData("/v1/completions", "prompt")]
    [InlineData("/v1/embeddings", "input")]
    [InlineData("/inference/v1/generate", "token_ids")]
    [InlineData("/generate", "input_ids")]
    public void TokenIds_GiveTheGoldenChain(string path, string key)
    {
        foreach (var separator in (string[])[",", ", ", " ,\n\t", "  ,  "])
        {
            var (hashes, tokens) = Hash(path, $$"""{"{{key}}":[ {{string.Join(separator, Enumerable.Range(1, 130))}} ]}""", "m");
            Assert.Equal(Ids, hashes.Chain(0).ToArray());
            Assert.Equal(130, tokens);
        }
    }

    [Fact]
    public void TokenIds_SpelledUnusually_AreTheSameNumbers() =>
        Assert.Equal(ChainOf(5, 60, 0, 7, 12345678, 4294967295, 8), Chain("/v1/completions", """{"prompt":[5.0,6e1,-0,7,12345678,4294967295,8]}"""));

    [Theory]
    [InlineData("/v1/completions", """{"prompt":"say \"h\u00e9\" \ud83d\ude00\n"}""", "say \"hé\" 😀\n")]
    [InlineData("/v1/completions", """{"prompt":"\ud800 \udc00 \ud800\u0041"}""", "\ufffd \ufffd \ufffdA")]
    [InlineData("/v1/completions/render", """{"prompt":["only one"]}""", "only one")]
    [InlineData("/v1/embeddings", """{"input":"a\"b"}""", "\"a\\\"b\"")]
    [InlineData("/v1/embeddings", """{"input": ["a", "b\" ,c"] }""", "[\"a\",\"b\\\" ,c\"]")]
    [InlineData("/v1/conversations", """{"items":[{"type":"message"}]}""", "[{\"type\":\"message\"}]")]
    [InlineData("/v1/responses", """{"input":"hi"}""", "[{\"input\":\"hi\"}]")]
    [InlineData("/v1/responses", """{"tools":[],"input":[{"a":1}],"instructions":"Be kind."}""", "[{\"instructions\":\"Be kind.\"},{\"tools\":[]},{\"input\":[{\"a\":1}]}]")]
    [InlineData("/v1/responses", """{"tools":null,"input":"i","instructions":null}""", "[{\"input\":\"i\"}]")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"system","content":"Be brief."},{"content":"hi","role":"user"},{"role":"assistant","content":null,"tool_calls":[{}]}]}""", "systemBe brief.userhiassistant")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":[{"text":"a","type":"text"},{"type":"refusal","text":"x"},{"type":"text","text":"b"}]}],"tools":[ {"f": 1,  "g" : " x "} ]}""", "[{\"f\":1,\"g\":\" x \"}]userab")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"a"}],"tools":[ ]}""", "usera")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":7,"content":"first","role":"user","content":"last"}]}""", "userlast")]
    [InlineData("/v1/messages", """{"system":"Be brief.","messages":[{"role":"user","content":"hi"}],"tools":[{"name":"g"}]}""", "[{\"name\":\"g\"}]Be brief.userhi")]
    [InlineData("/v1/messages", """{"system":[{"type":"text","text":"x-anthropic-billing-header: 1"},{"type":"text","text":"S"}],"messages":[{"role":"user","content":[{"type":"text","text":"t"}]}]}""", "Susert")]
    [InlineData("/v1/messages", """{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use","id":"i","name":"n","input":{"q": 1}}]}]}""", "assistanthmin{\"q\":1}")]
    [InlineData("/v1/messages", """{"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"1"},{"type":"text","text":"2"}]},{"type":"tool_result","content":"3"}]}]}""", "user1\n23")]
    public void Text_OfEachApi_IsPutTogetherAsTheReferenceDoes(string path, string body, string prompt)
    {
        var (hashes, tokens) = Hash(path, body);

        Assert.Equal(1, hashes.ChainCount);
        Assert.Equal(ChainOf(prompt), hashes.Chain(0).ToArray());
        Assert.Equal((Encoding.UTF8.GetByteCount(prompt) + 3) / 4, tokens);
    }

    [Fact]
    public void Completions_SeveralTexts_GiveAChainEach()
    {
        var (hashes, tokens) = Hash("/v1/completions", """{"prompt":["one prompt","","another \"prompt\""]}""");

        Assert.Equal(3, hashes.ChainCount);
        Assert.Equal(ChainOf("one prompt"), hashes.Chain(0).ToArray());
        Assert.Empty(hashes.Chain(1).ToArray());
        Assert.Equal(ChainOf("another \"prompt\""), hashes.Chain(2).ToArray());
        Assert.Equal(3 + 0 + 4, tokens);
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"http://x/p.png","detail":"low"}}""", "http://x/p.png", 225)]
    [InlineData("""{"type":"image_url","image_url":{"url":"http:\/\/x\/p.png"}}""", "http://x/p.png", 225)]
    [InlineData("""{"type":"image_url","image_url":"http://x/p.png"}""", "http://x/p.png", 225)]
    [InlineData("""{"type":"video_url","video_url":{"url":"http://x/v.mp4"}}""", "http://x/v.mp4", 4500)]
    [InlineData("""{"type":"audio_url","audio_url":{"url":"http://x/a.mp3"}}""", "http://x/a.mp3", 4)]
    [InlineData("""{"input_audio":{"format":"wav","data":"UklG\/w=="},"type":"input_audio"}""", "UklG/w==wav", 3)]
    public void Chat_Media_BecomesItsTokenOnTokensOfItsOwn(string block, string content, int count)
    {
        var (hashes, tokens) = Hash("/v1/chat/completions", $$"""{"messages":[{"role":"user","content":[{"type":"text","text":"?"},{{block}},{"type":"text","text":"!"}]}]}""");

        // "user?" is two tokens, the second one padded; "!" is one.
        AssertMedia(hashes, "user?\0\0\0", content, count, "!");
        Assert.Equal(2 + count + 1, tokens);
    }

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"url","url":"http://x/p.png"}}""", "http://x/p.png")]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}}""", "iVBO")]
    [InlineData("""{"type":"tool_result","content":[{"type":"image","source":{"type":"base64","data":"iVBO"}}]}""", "iVBO")]
    public void Messages_Picture_BecomesItsToken(string block, string content)
    {
        var (hashes, tokens) = Hash("/v1/messages", $$"""{"messages":[{"role":"user","content":[{{block}},{"type":"text","text":"!"}]}]}""");

        AssertMedia(hashes, "user", content, 225, "!");
        Assert.Equal(1 + 225 + 1, tokens);
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":""}}""")]
    [InlineData("""{"type":"image_url","image_url":7}""")]
    [InlineData("""{"type":"image_url"}""")]
    [InlineData("""{"type":"input_audio","input_audio":{"format":"wav"}}""")]
    [InlineData("""{"type":7,"text":"x"}""")]
    public void Chat_BlockWithoutContent_IsNothing(string block) =>
        Assert.Equal(ChainOf("user"), Chain("/v1/chat/completions", $$"""{"messages":[{"role":"user","content":[{{block}}]}]}"""));

    [Fact]
    public void Chat_OfOneBeginning_SharesTheChainsBeginning()
    {
        // "system" and 1,018 characters are four blocks of 256 bytes, and then the conversations differ.
        var system = new string('s', 1018);
        var one = Chain("/v1/chat/completions", $$"""{"messages":[{"role":"system","content":"{{system}}"},{"role":"user","content":"{{new string('1', 600)}}"}]}""");
        var other = Chain("/v1/chat/completions", $$"""{"stream":true,"messages":[ {"content":[{"type":"text","text":"{{system}}"}],"role":"system"}, {"role":"user","content":"{{new string('2', 600)}}"}]}""");

        Assert.Equal(7, one.Length);
        Assert.Equal(4, one.AsSpan().CommonPrefixLength(other));
    }

    [Fact]
    public void Chain_OtherModelOrSalt_IsAnother()
    {
        var body = """{"prompt":"a prompt"}""";
        var salted = """{"prompt":"a prompt","cache_salt":"s"}""";
        ulong[] first = [Chain("/v1/completions", body)[0], Chain("/v1/completions", body, "other")[0], Chain("/v1/completions", salted)[0], Chain("/v1/completions", salted.Replace("\"s\"", "\"t\""))[0]];

        Assert.Equal(4, first.Distinct().Count());
        Assert.Equal(Chain("/generate", """{"input_ids":[1],"extra_key":"s"}""")[0], Chain("/v1/completions", """{"prompt":[1],"cache_salt":"s"}""")[0]);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(5000)]
    public void CacheSalt_OfAnyLength_IsDecoded(int length)
    {
        var salt = new string('s', length);

        Assert.Equal(ChainOf("p"u8.ToArray(), salt: salt + "é"), Chain("/v1/completions", $$"""{"prompt":"p","cache_salt":"{{salt}}\u00e9"}"""));
    }

    [Fact]
    public void Grpc_Tokens_GiveTheGoldenChain()
    {
        var ids = Enumerable.Range(1, 130).Select(i => (uint)i).ToArray();
        var whole = Frame(Message(Bytes(2, Message(Text(1, "t"), Packed(2, ids)))));
        var parts = Frame(Message(Text(3, "replaced"), Bytes(2, Message(Packed(2, ids[..100]), Number(2, 101))), Text(1, "id"), Bytes(2, Message(Packed(2, ids[101..])))));
        foreach (var body in (byte[][])[whole, parts])
        {
            var (hashes, tokens) = Hash("/vllm.grpc.engine.VllmEngine/Generate", new ReadOnlySequence<byte>(body), "m");
            Assert.Equal(Ids, hashes.Chain(0).ToArray());
            Assert.Equal(130, tokens);
        }

        Assert.Equal(Ids, Hash("/vllm.grpc.engine.VllmEngine/Embed", new ReadOnlySequence<byte>(whole), "m").Hashes.Chain(0).ToArray());
    }

    [Fact]
    public void Grpc_Text_IsThePromptUnlessTokensFollow()
    {
        var (hashes, tokens) = Hash("/vllm.grpc.engine.VllmEngine/Generate", new ReadOnlySequence<byte>(Frame(Message(Bytes(2, Message(Packed(2, 1))), Text(3, new string('a', 600))))), "my-model");

        Assert.Equal(Plain, hashes.Chain(0).ToArray());
        Assert.Equal(150, tokens);
    }

    [Fact]
    public void VertexAi_Chat_IsHashedAsTheJsonWithin()
    {
        const string Json = """{"messages":[{"role":"user","content":"hé\u00e9"}],"cache_salt":"s","tools":[1]}""";
        var body = Frame(Message(Text(1, "endpoint"), Bytes(2, Message(Text(1, "application/json"), Bytes(2, Encoding.UTF8.GetBytes(Json))))));

        var (hashes, tokens) = Hash("/google.cloud.aiplatform.v1.PredictionService/ChatCompletions", new ReadOnlySequence<byte>(body), "my-model");

        Assert.Equal(Chain("/v1/chat/completions", Json), hashes.Chain(0).ToArray());
        Assert.Equal(Hash("/v1/chat/completions", Json).Tokens, tokens);
    }

    [Theory]
    [InlineData("/v1/images/generations", """{"prompt":"a cat"}""")]
    [InlineData("/some/path", "no json")]
    public void NoPrompt_GivesNoChain(string path, string body)
    {
        var (hashes, tokens) = Hash(path, body);

        Assert.Equal(0, hashes.ChainCount);
        Assert.Equal(0, tokens);
    }

    [Fact]
    public void HashPrompt_RefusedBody_DiscardsTheChainsOfBefore()
    {
        var route = Routes.Resolve("/v1/completions"u8)!;
        var (hashes, _) = Hash("/v1/completions", """{"prompt":"text"}""");
        var body = Bodies.Whole("""{"prompt":7}""");

        Assert.Equal(0, route.HashPrompt(body, route.Parse(body), "m", new PromptBlocks(PrefixHashRule.Tokens, 64, 2048), hashes));
        Assert.Equal(0, route.CountPromptTokens(body, route.Parse(body)));
        Assert.Equal(0, hashes.ChainCount);
    }

    [Theory]
    [InlineData("/v1/completions", """{"prompt":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", 11)]
    [InlineData("/v1/completions", """{"prompt":[1,2,3,4,5,6,7,8,9,10,11]}""", 11)]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":"u"},{"type":"text","text":"abcde"}]}]}""", 228)]
    public void MoreBlocksThanWanted_AreCountedAndNotHashed(string path, string body, int expected)
    {
        var (all, _) = Hash(path, body, blocks: new PromptBlocks(PrefixHashRule.Tokens, 1, int.MaxValue));
        var (hashes, tokens) = Hash(path, body, blocks: new PromptBlocks(PrefixHashRule.Tokens, 1, 3));

        Assert.Equal(expected, all.TotalBlocks);
        Assert.Equal(all.Chain(0)[..3].ToArray(), hashes.Chain(0).ToArray());
        Assert.Equal(expected, tokens);
    }

    [Fact]
    public void MorePromptsThanAreLookedAt_AreCountedAndNotHashed()
    {
        const int Prompts = PromptSink.MostHashes;
        var (hashes, tokens) = Hash("/v1/completions", $$"""{"prompt":[{{string.Join(',', Enumerable.Repeat("\"a\"", Prompts))}}]}""");

        // Each has a chain of one hash, and both count.
        Assert.Equal(Prompts / 2, hashes.ChainCount);
        Assert.Equal(Prompts, tokens);
    }

    [Fact]
    public void WholeBlocks_Prompt_GivesTheGoldenChain()
    {
        var blocks = new PromptBlocks(PrefixHashRule.WholeBlocks, 16, int.MaxValue);
        var (hashes, _) = Hash("/v1/completions", $$"""{"prompt":"{{new string('a', 200)}}"}""", blocks: blocks);

        Assert.Equal([0xffc0c62107d3c9c4, 0xb3c20525a66bef4d, 0x6ad0894f97b364cb], hashes.Chain(0).ToArray());
    }

    [Fact]
    public void WholeBlocks_Chat_HashesTheMessagesAsTheyAreWrittenButForBlanks()
    {
        var blocks = new PromptBlocks(PrefixHashRule.WholeBlocks, 1, int.MaxValue);
        var messages = """[{"role": "user","content":"h\u00e9"}]""";
        var body = Bodies.Whole($$"""{"tools":[1],"messages":{{messages}}}""");
        var route = Routes.Resolve("/v1/chat/completions"u8)!;
        var hashes = new PrefixHashes();
        route.HashPrompt(body, route.Parse(body), "m", blocks, hashes);

        Assert.Equal(ChainOf(Encoding.UTF8.GetBytes(messages.Replace(": ", ":", StringComparison.Ordinal)), blocks, "m"), hashes.Chain(0).ToArray());
    }

    [Fact]
    public void PromptBlocks_OfOptions_AreTheirs()
    {
        Assert.Equal(new PromptBlocks(PrefixHashRule.Tokens, 64, 2048), PromptBlocks.Of(new PrefixCacheOptions(), default));
        Assert.Equal(new PromptBlocks(PrefixHashRule.Tokens, 128, 1024), PromptBlocks.Of(new PrefixCacheOptions(), new CacheConfig(128, 1000)));
    }

    [Fact]
    public void HashPrompt_WarmedUp_AllocatesNothing()
    {
        var text = string.Concat(Enumerable.Repeat("some text, \\\"quoted\\\" and \\u4e2d\\u6587 more\\n", 400));
        var chat = Encoding.UTF8.GetBytes($$$"""{"messages":[{"role":"user","content":[{"type":"text","text":"{{{text}}}"},{"type":"image_url","image_url":{"url":"data:{{{text}}}"}}]}],"cache_salt":"{{{text}}}"}""");
        var ids = Encoding.UTF8.GetBytes($$"""{"prompt":[{{string.Join(", ", Enumerable.Range(0, 3000))}}]}""");
        foreach (var (path, body) in (ReadOnlySpan<(string, byte[])>)[("/v1/chat/completions", chat), ("/v1/completions", ids)])
        {
            var pieces = Bodies.Split(body, [.. Enumerable.Range(1, (body.Length - 1) / 777).Select(i => i * 777)]);
            var route = Routes.Resolve(Encoding.ASCII.GetBytes(path))!;
            var parsed = route.Parse(pieces);
            var hashes = new PrefixHashes();
            var blocks = new PromptBlocks(PrefixHashRule.Tokens, 64, 2048);

            Assert.Equal(0, AllocatedBytes.OfSteadyState(() => route.HashPrompt(pieces, parsed, "my-model", blocks, hashes)));
            Assert.Equal(0, AllocatedBytes.OfSteadyState(() => route.CountPromptTokens(pieces, parsed)));
        }
    }

    /// <summary>The picture lies beyond what is hashed, and occurs twice; of the sound the data and the format count, written with escapes or not.</summary>
    [Fact]
    public void Chat_MediaAskedFor_AreCollectedOnceEach()
    {
        const string picture = """{"type":"image_url","image_url":{"url":"http://x/p.png"}}""";
        const string sound = """{"type":"input_audio","input_audio":{"format":"wav","data":"UklG\/w=="}}""";
        var body = Bodies.Whole($$"""{"messages":[{"role":"user","content":[{"type":"text","text":"{{new string('a', 600)}}"},{{picture}},{{sound}},{{picture}}]}]}""");
        var route = Routes.Resolve("/v1/chat/completions"u8)!;
        var parsed = route.Parse(body);
        var (hashes, counted) = (new PrefixHashes(), new MediaItems());

        route.HashPrompt(body, parsed, "m", new PromptBlocks(PrefixHashRule.Tokens, 64, 1), hashes, withMedia: true);
        route.CountPromptTokens(body, parsed, out _, counted);

        foreach (var items in (MediaItems[])[hashes.Media, counted])
        {
            Assert.Equal([HashOf("http://x/p.png"u8), HashOf("UklG/w==wav"u8)], items.Hashes.ToArray());
            Assert.Equal([225, 3], items.Sizes.ToArray());
        }

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => route.HashPrompt(body, parsed, "m", new PromptBlocks(PrefixHashRule.Tokens, 64, 1), hashes, withMedia: true)));
        route.HashPrompt(body, parsed, "m", new PromptBlocks(PrefixHashRule.Tokens, 64, 1), hashes);
        Assert.Equal(0, hashes.Media.Count);
    }

    private static ulong HashOf(ReadOnlySpan<byte> content)
    {
        var hash = new MediaHash();
        hash.Append(content);
        return hash.Hash;
    }

    private static void AssertMedia(PrefixHashes hashes, string before, string content, int count, string after)
    {
        var token = BitConverter.GetBytes(PrefixHasher.MediaToken(Encoding.UTF8.GetBytes(content)));
        byte[] prompt = [.. Encoding.UTF8.GetBytes(before), .. Enumerable.Repeat(token, count).SelectMany(bytes => bytes), .. Encoding.UTF8.GetBytes(after)];
        Assert.Equal(ChainOf(prompt), hashes.Chain(0).ToArray());
    }

    private static ulong[] ChainOf(string prompt) => ChainOf(Encoding.UTF8.GetBytes(prompt));

    private static ulong[] ChainOf(params uint[] ids) => ChainOf(ids.SelectMany(BitConverter.GetBytes).ToArray());

    private static ulong[] ChainOf(byte[] prompt, PromptBlocks? blocks = null, string model = "my-model", string salt = "")
    {
        var cut = blocks ?? new PromptBlocks(PrefixHashRule.Tokens, 64, 2048);
        var hashes = new PrefixHashes();
        var hasher = new PrefixHasher(hashes, cut.Rule, PrefixHasher.Seed(model, Encoding.UTF8.GetBytes(salt)), cut.BlockTokens, cut.MaxBlocks);
        hasher.Append(prompt);
        hasher.EndPrompt();
        return hashes.Chain(0).ToArray();
    }
}
