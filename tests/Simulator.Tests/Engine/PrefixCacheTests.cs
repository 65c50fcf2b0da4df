using Orleans.Inference.Simulator.Engine;
using static Orleans.Inference.Simulator.Tests.Engine.EngineBench;

namespace Orleans.Inference.Simulator.Tests.Engine;

public sealed class PrefixCacheTests
{
    [Fact]
    public void Submit_SamePromptAgain_FullBlocksAreFoundAndNotComputedAgain()
    {
        var bench = new EngineBench();
        bench.Submit(0, Tokens(1, 22), outputTokens: 1);
        bench.Advance(100);

        var again = bench.Submit(100, Tokens(1, 22), outputTokens: 1);
        bench.Advance(1_000);

        // Five full blocks of four are found; the other two tokens are computed: 2 ms.
        Assert.Equal(20, again.CachedTokens);
        Assert.Equal([102], bench.TokenTimes(again));
        Assert.Equal((44, 20), (bench.Engine.Statistics.PrefixQueries, bench.Engine.Statistics.PrefixHits));
    }

    [Fact]
    public void Submit_PromptOfFullBlocksOnly_ItsLastBlockIsComputedAgain()
    {
        var bench = new EngineBench();
        bench.Submit(0, Tokens(1, 20), outputTokens: 1);
        bench.Advance(100);

        var again = bench.Submit(100, Tokens(1, 20), outputTokens: 1);
        bench.Advance(1_000);

        // The last token must be computed: only its result is the next token.
        Assert.Equal(16, again.CachedTokens);
        Assert.Equal([104], bench.TokenTimes(again));
    }

    [Fact]
    public void Submit_SharedPrefix_IsFoundUpToTheFirstDifference()
    {
        var bench = new EngineBench();
        bench.Submit(0, [.. Tokens(1, 10), .. Tokens(50, 10)], outputTokens: 1);
        bench.Advance(100);

        var other = bench.Submit(100, [.. Tokens(1, 10), .. Tokens(80, 10)], outputTokens: 1);
        bench.Advance(1_000);

        // Ten equal tokens: two full blocks. The third block differs, and so does everything behind it.
        Assert.Equal(8, other.CachedTokens);
    }

    [Fact]
    public void Submit_SameBlocksInAnotherPlace_AreNotFound()
    {
        var bench = new EngineBench();
        bench.Submit(0, Tokens(1, 12), outputTokens: 1);
        bench.Advance(100);

        var other = bench.Submit(100, [.. Tokens(5, 4), .. Tokens(1, 8)], outputTokens: 1);
        bench.Advance(1_000);

        Assert.Equal(0, other.CachedTokens);
    }

    [Fact]
    public void Submit_NextTurnOfAConversation_FindsTheAnswerToo()
    {
        var bench = new EngineBench();
        var turn = bench.Submit(0, Tokens(1, 10), outputTokens: 9);
        bench.Advance(1_000);

        var next = bench.Submit(1_000, [.. Tokens(1, 10), .. turn.Output.ToArray(), .. Tokens(70, 5)], outputTokens: 1);
        bench.Advance(2_000);

        // 10 + 9 tokens, of which the last was never computed: 18, four full blocks.
        Assert.Equal(16, next.CachedTokens);
    }

    [Fact]
    public void Submit_PrefixOfARunningSequence_IsSharedAndCountedOnce()
    {
        var bench = new EngineBench();
        bench.Submit(0, Tokens(1, 20), outputTokens: 50);
        bench.Advance(20);
        Assert.Equal(0.06, bench.Engine.KvUsage, 6);

        bench.Submit(21, Tokens(1, 18), outputTokens: 50);
        bench.Advance(30);

        // The second shares four blocks and has one of its own.
        Assert.Equal(2, bench.Engine.RunningCount);
        Assert.Equal(0.07, bench.Engine.KvUsage, 6);
    }

    [Fact]
    public void Submit_OtherAdapter_FindsNothing()
    {
        var bench = new EngineBench();
        bench.Submit(0, Tokens(1, 20), outputTokens: 1);
        bench.Advance(100);

        var adapted = bench.Submit(100, Tokens(1, 20), outputTokens: 1, adapter: "a");
        bench.Advance(1_000);
        var same = bench.Submit(1_000, Tokens(1, 20), outputTokens: 1, adapter: "a");
        bench.Advance(2_000);

        Assert.Equal((0, 16), (adapted.CachedTokens, same.CachedTokens));
    }

    [Fact]
    public void Submit_CacheIsFull_TheBlocksUnusedForLongestGoFirst()
    {
        var bench = new EngineBench(o => o with { BlockCount = 10, MaxModelLength = 40 });
        bench.Submit(0, Tokens(100, 17), outputTokens: 1);
        bench.Advance(100);
        bench.Submit(100, Tokens(200, 17), outputTokens: 1);
        bench.Advance(200);

        // A use of the first prompt makes the second the oldest. Each has four full blocks and one begun, so all ten have been used.
        bench.Submit(200, Tokens(100, 17), outputTokens: 1);
        bench.Advance(300);

        // Takes three blocks: the begun one of the second prompt and the last two full ones.
        bench.Submit(300, Tokens(300, 12), outputTokens: 1);
        bench.Advance(400);

        // The first prompt is whole. Its begun block takes the next one of the second prompt, which leaves that with one.
        var first = bench.Submit(400, Tokens(100, 17), outputTokens: 1);
        bench.Advance(500);
        var second = bench.Submit(500, Tokens(200, 17), outputTokens: 1);
        bench.Advance(600);

        Assert.Equal((16, 4), (first.CachedTokens, second.CachedTokens));
    }

    [Fact]
    public void Submit_CachingIsOff_NothingIsFound()
    {
        var bench = new EngineBench(o => o with { PrefixCaching = false });
        bench.Submit(0, Tokens(1, 20), outputTokens: 1);
        bench.Advance(100);

        var again = bench.Submit(100, Tokens(1, 20), outputTokens: 1);
        bench.Advance(1_000);

        Assert.Equal(0, again.CachedTokens);
        Assert.Equal((0, 0), (bench.Engine.Statistics.PrefixQueries, bench.Engine.CachedBlocks));
    }
}
