using System.Buffers;
using System.Text;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class PrefixHasherTests
{
    private const int All = int.MaxValue;
    private static readonly ulong[] _plain = [0x01c14ed38b5673ed, 0xac9b9ef0542ef9b0, 0xa376f0af8c934861];

    private static ulong[] Hash(string text, string model = "my-model", string salt = "", PrefixHashRule rule = PrefixHashRule.Tokens, int blockTokens = 64, int maxBlocks = All)
    {
        var hashes = new PrefixHashes();
        var hasher = new PrefixHasher(hashes, rule, PrefixHasher.Seed(model, Encoding.UTF8.GetBytes(salt)), blockTokens, maxBlocks);
        hasher.Append(Encoding.UTF8.GetBytes(text));
        hasher.EndPrompt();
        return hashes.Chain(0).ToArray();
    }

    [Fact]
    public void Seed_ModelWithoutSalt_IsTheHashOfTheModel() => Assert.Equal(0x2a56d8788d24b439UL, PrefixHasher.Seed("my-model", ""u8));

    [Fact]
    public void Tokens_Prompt_GivesTheGoldenChain() => Assert.Equal(_plain, Hash(new string('a', 600)));

    [Fact]
    public void Tokens_PromptWithSalt_GivesTheGoldenChain() =>
        Assert.Equal([0x3053e754e4c13334, 0xf160071a61423b09, 0x48fb08f593830bb4], Hash(new string('a', 600), salt: "s1"));

    [Fact]
    public void Tokens_TokenIds_GiveTheGoldenChain()
    {
        var hashes = new PrefixHashes();
        var hasher = new PrefixHasher(hashes, PrefixHashRule.Tokens, PrefixHasher.Seed("m", ""u8), 64, All);
        hasher.Append([.. Enumerable.Range(1, 130).Select(i => (uint)i)]);
        hasher.EndPrompt();

        Assert.Equal([0xe5a7cf657f82cb5b, 0x0eb77b4d2a83db16, 0x5f87fbd0868f153e], hashes.Chain(0).ToArray());
    }

    [Fact]
    public void WholeBlocks_Prompt_GivesTheGoldenChainWithoutTheRest() =>
        Assert.Equal([0xffc0c62107d3c9c4, 0xb3c20525a66bef4d, 0x6ad0894f97b364cb], Hash(new string('a', 200), rule: PrefixHashRule.WholeBlocks, blockTokens: 16));

    [Fact]
    public void WholeBlocks_LessThanABlock_GivesNone() => Assert.Empty(Hash(new string('a', 63), rule: PrefixHashRule.WholeBlocks, blockTokens: 16));

    [Fact]
    public void Tokens_RestOfAToken_IsPaddedWithZeros()
    {
        // 5 characters are 2 tokens, the second one 'e' and three zeros.
        Assert.Equal(Hash("abcde\0\0\0"), Hash("abcde"));
        Assert.NotEqual(Hash("abcd"), Hash("abcde"));
    }

    [Fact]
    public void EndPrompt_NothingAppended_GivesAnEmptyChain() => Assert.Empty(Hash(""));

    [Theory]
    [InlineData(PrefixHashRule.Tokens, 16)]
    [InlineData(PrefixHashRule.Tokens, 7)]
    [InlineData(PrefixHashRule.WholeBlocks, 16)]
    [InlineData(PrefixHashRule.WholeBlocks, 7)]
    public void Append_AnyPieces_GiveTheSameChain(PrefixHashRule rule, int blockTokens)
    {
        var random = new Random(2);
        var text = new byte[999];
        random.NextBytes(text);
        var seed = PrefixHasher.Seed("m", ""u8);
        var whole = new PrefixHashes();
        var hasher = new PrefixHasher(whole, rule, seed, blockTokens, All);
        hasher.Append(text);
        hasher.EndPrompt();
        for (var round = 0; round < 200; round++)
        {
            var pieces = new PrefixHashes();
            hasher = new PrefixHasher(pieces, rule, seed, blockTokens, All);
            for (var at = 0; at < text.Length;)
            {
                var size = Math.Min(random.Next(2 + (round * 2)), text.Length - at);
                hasher.Append(text.AsSpan(at, size));
                at += size;
            }

            hasher.EndPrompt();
            Assert.Equal(whole.Chain(0).ToArray(), pieces.Chain(0).ToArray());
        }

        // The rule itself, block by block.
        var before = seed;
        for (var i = 0; i < whole.TotalBlocks; i++)
        {
            var block = text[(i * blockTokens * 4)..Math.Min(text.Length, (i + 1) * blockTokens * 4)];
            Array.Resize(ref block, (block.Length + 3) / 4 * 4);
            before = rule == PrefixHashRule.Tokens
                ? XxHash64.Hash([.. BitConverter.GetBytes(XxHash64.Hash(block)), .. BitConverter.GetBytes(before)])
                : XxHash64.Hash([.. block, .. BitConverter.GetBytes(before)]);
            Assert.Equal(before, whole.Chain(0)[i]);
        }

        Assert.Equal(rule == PrefixHashRule.Tokens ? (999 + (blockTokens * 4) - 1) / (blockTokens * 4) : 999 / (blockTokens * 4), whole.TotalBlocks);
    }

    [Fact]
    public void Append_MoreThanTheCap_IsFullAndKeepsTheFirst()
    {
        var hashes = new PrefixHashes();
        var hasher = new PrefixHasher(hashes, PrefixHashRule.Tokens, PrefixHasher.Seed("my-model", ""u8), 64, 2);
        hasher.Append(Encoding.UTF8.GetBytes(new string('a', 511)));
        Assert.False(hasher.IsFull);
        hasher.Append("aa"u8);
        Assert.True(hasher.IsFull);
        hasher.Append(Encoding.UTF8.GetBytes(new string('a', 500)));
        hasher.EndPrompt();

        Assert.Equal(_plain[..2], hashes.Chain(0).ToArray());
        Assert.Equal(_plain[..2], Hash(new string('a', 600), maxBlocks: 2));
    }

    [Fact]
    public void EndPrompt_SeveralPrompts_GivesOneChainEachFromTheSameSeed()
    {
        var hashes = new PrefixHashes();
        var hasher = new PrefixHasher(hashes, PrefixHashRule.Tokens, PrefixHasher.Seed("my-model", ""u8), 64, All);
        hasher.Append(Encoding.UTF8.GetBytes(new string('b', 300)));
        hasher.EndPrompt();
        hasher.Append(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(new string('a', 600))));
        hasher.EndPrompt();

        Assert.Equal(2, hashes.ChainCount);
        Assert.Equal(5, hashes.TotalBlocks);
        Assert.Equal(64, hashes.BlockTokens);
        Assert.Equal(Hash(new string('b', 300)), hashes.Chain(0).ToArray());
        Assert.Equal(_plain, hashes.Chain(1).ToArray());
    }

    [Fact]
    public void AppendMedia_BetweenTexts_IsItsTokenRepeatedOnATokenOfItsOwn()
    {
        var token = PrefixHasher.MediaToken("http://x/cat.png"u8);
        var hashes = new PrefixHashes();
        var hasher = new PrefixHasher(hashes, PrefixHashRule.Tokens, PrefixHasher.Seed("my-model", ""u8), 64, All);
        hasher.Append("user?"u8);
        hasher.AppendMedia(token, 225);
        hasher.Append("after"u8);
        hasher.EndPrompt();

        byte[] bytes = [.. "user?\0\0\0"u8, .. Enumerable.Repeat(BitConverter.GetBytes(token), 225).SelectMany(b => b), .. "after"u8];
        var expected = new PrefixHashes();
        hasher = new PrefixHasher(expected, PrefixHashRule.Tokens, PrefixHasher.Seed("my-model", ""u8), 64, All);
        hasher.Append(bytes);
        hasher.EndPrompt();
        Assert.Equal(expected.Chain(0).ToArray(), hashes.Chain(0).ToArray());
        Assert.Equal((uint)XxHash64.Hash("http://x/cat.png"u8), token);
        Assert.Equal(token, PrefixHasher.MediaToken(new ReadOnlySequence<byte>("http://x/cat.png"u8.ToArray())));
    }

    [Fact]
    public void Append_HashesUsedBefore_AllocatesNothing()
    {
        var text = new byte[100_000];
        var hashes = new PrefixHashes();

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            var hasher = new PrefixHasher(hashes, PrefixHashRule.Tokens, PrefixHasher.Seed("my-model", "salt"u8), 64, All);
            hasher.Append(text.AsSpan(0, 70_001));
            hasher.Append(text.AsSpan(70_001));
            hasher.EndPrompt();
        }));
    }
}
