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
}
