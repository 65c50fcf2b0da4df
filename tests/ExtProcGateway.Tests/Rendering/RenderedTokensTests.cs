using System.Text;
using Orleans.Inference.ExtProcGateway.Rendering;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Tests.Requests;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Tests.Rendering;

public sealed class RenderedTokensTests
{
    private static readonly PromptBlocks Blocks = new(PrefixHashRule.WholeBlocks, 16, 1000);

    private static ulong[][] Hash(string answer, out long tokens)
    {
        var hashes = new PrefixHashes();
        tokens = RenderedTokens.Hash(Encoding.UTF8.GetBytes(answer), Blocks, 5, hashes);
        return [.. Enumerable.Range(0, hashes.ChainCount).Select(i => hashes.Chain(i).ToArray())];
    }

    private static ulong[] Chain(IEnumerable<int> tokens)
    {
        var hashes = new PrefixHashes();
        var hasher = new PrefixHasher(hashes, PrefixHashRule.WholeBlocks, 5, 16, 1000);
        hasher.Append([.. tokens.Select(token => (uint)token)]);
        hasher.EndPrompt();
        return hashes.Chain(0).ToArray();
    }

    private static string Ids(int from, int count) => string.Join(',', Enumerable.Range(from, count));

    [Fact]
    public void Hash_Chat_GivesTheChainOfItsTokens()
    {
        var chains = Hash($$"""{"request_id":"chat-1","token_ids":[{{Ids(0, 700)}}],"sampling_params":{"token_ids":[1]},"features":null}""", out var tokens);

        Assert.Equal(700, tokens);
        Assert.Equal([Chain(Enumerable.Range(0, 700))], chains);
        Assert.Equal(43, chains[0].Length);
    }

    [Fact]
    public void Hash_CompletionsOfSeveralPrompts_GivesAChainForEach()
    {
        var chains = Hash($$"""[{"token_ids":[{{Ids(0, 32)}}]},{"token_ids":[{{Ids(9, 20)}}],"model":"m"}]""", out var tokens);

        Assert.Equal(52, tokens);
        Assert.Equal([Chain(Enumerable.Range(0, 32)), Chain(Enumerable.Range(9, 20))], chains);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"token_ids":[1,2""")]
    [InlineData("""{"token_ids":[1,-2]}""")]
    [InlineData("""{"token_ids":["a"]}""")]
    [InlineData("""{"token_ids":"a"}""")]
    [InlineData("""{"token_ids":[1,2,3],"features":{"mm_hashes":{"image":["x"]}}}""")]
    [InlineData("""{"detail":"not found"}""")]
    public void Hash_AnswerOfNoUse_GivesNoChains(string answer)
    {
        Assert.Empty(Hash(answer, out var tokens));
        Assert.Equal(-1, tokens);
    }

    [Theory]
    [InlineData("""{"model":"client's","prompt":"text"}""", """{"model":"base \"one\"","prompt":"text"}""")]
    [InlineData("""{"prompt":"text","model":"client's","n":1}""", """{"prompt":"text","model":"base \"one\"","n":1}""")]
    [InlineData("""{"prompt":"text"}""", """{"model":"base \"one\"","prompt":"text"}""")]
    public void CopyBody_OtherModel_ChangesThatOnly(string body, string expected)
    {
        var route = new RequestRoutes([ParserTypes.OpenAi], new ModelNames(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).Resolve("/v1/completions"u8)!;
        var sequence = Bodies.Whole(body);

        Assert.Equal("/v1/completions/render", route.RenderPath);
        Assert.Equal(expected, Encoding.UTF8.GetString(RenderRequest.CopyBody(sequence, route.Parse(sequence), "base \"one\"")));
    }
}
