using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class PrefixScorerTests
{
    private static readonly string Pool = View(1).Pool;

    /// <summary>Server 0 holds 1 block of the request's 4, server 2 holds 3, server 1 and 3 none; blocks of 64 tokens.</summary>
    private static PrefixMatch Match()
    {
        var index = new PrefixIndex();
        index.Add(0, 100, Chains.Of(1));
        index.Add(2, 100, Chains.Of(1, 2, 3, 9));
        var match = new PrefixMatch();
        index.Match(Chains.Request(Chains.Of(1, 2, 3, 4)), match);
        return match;
    }

    private static PrefixMatch Miss(int blocks = 1)
    {
        var match = new PrefixMatch();
        new PrefixIndex().Match(Chains.Request(Chains.Of(new int[blocks])), match);
        return match;
    }

    private static PoolView View(int servers, int[]? numbers = null)
    {
        var view = Enumerable.Range(0, servers).Aggregate(new ViewBuilder(), (b, _) => b.Add()).Build();
        return new PoolView(
            view.Pool,
            1,
            view.Servers.ToArray(),
            new LoadColumns(new int[servers], new int[servers], new double[servers], new long[servers]),
            view.Lora.ToArray(),
            view.Cache.ToArray(),
            numbers);
    }

    private static double[] Score(IScorer scorer, PoolView view, PrefixMatch? match, params int[] candidates)
    {
        candidates = candidates.Length > 0 ? candidates : [.. Enumerable.Range(0, view.Count)];
        var scores = new double[candidates.Length];
        Array.Fill(scores, 7);
        scorer.Score(new PickContext(view, new InferenceRequest(), 0, new Random(1), match), candidates, scores);
        return scores;
    }

    [Fact]
    public void PrefixCacheScorer_Default_IsThePartOfTheBlocks()
    {
        // 1/4, 0/4, 3/4, 0/4
        Assert.Equal([0.25, 0, 0.75, 0], Score(new PrefixCacheScorer(), View(4), Match()));
    }

    [Fact]
    public void PrefixCacheScorer_Weighted_AddsTheSquaredLength()
    {
        // server 0: 64 of 128 tokens: 0.4 * 0.5^2 + 0.6 * 0.25 = 0.1 + 0.15 = 0.25
        // server 2: 192 of 128 tokens count as 1: 0.4 * 1 + 0.6 * 0.75 = 0.4 + 0.45 = 0.85
        var scores = Score(new PrefixCacheScorer(0.4, 128), View(4), Match());

        Assert.Equal([0.25, 0, 0.85, 0], scores.Select(s => Math.Round(s, 12)));
    }

    [Fact]
    public void PrefixCacheScorer_RowsMoved_FollowsTheNumbers()
    {
        Assert.Equal([0.75, 0, 0, 0.25], Score(new PrefixCacheScorer(), View(4, [2, 50_000, 1, 0]), Match()));
        Assert.Equal([0.25, 0.75], Score(new PrefixCacheScorer(), View(4, [2, 50_000, 1, 0]), Match(), 3, 0));
    }

    [Fact]
    public void PrefixCacheScorer_NothingHashedOrNoIndex_IsZero()
    {
        Assert.Equal([0, 0], Score(new PrefixCacheScorer(), View(2), Miss(blocks: 0)));
        Assert.Equal([0, 0], Score(new PrefixCacheScorer(1), View(2), null));
    }

    [Fact]
    public void NoHitLruScorer_HitOnACandidate_IsOneHalfForAllAndMarksNothing()
    {
        var scorer = new NoHitLruScorer();
        var match = Match();

        Assert.Equal([0.5, 0.5, 0.5], Score(scorer, View(4), match, 0, 1, 3));
        scorer.Sent(match, Pool, 0);
        Assert.Equal([1, 0], Score(scorer, View(2), Miss()));
    }

    [Fact]
    public void NoHitLruScorer_HitOnOthersOnly_IsCold()
    {
        // Servers 0 and 2 hold blocks, but only 1 and 3 may be used.
        var scorer = new NoHitLruScorer();
        var match = Match();

        Assert.Equal([1, 0], Score(scorer, View(4), match, 1, 3));
        scorer.Sent(match, Pool, 1);
        Assert.Equal([0, 1], Score(scorer, View(4), Match(), 1, 3));
    }

    [Fact]
    public void NoHitLruScorer_NeverUsed_FallInTheirOrderFrom1To0()
    {
        // 1 - 0/4, 1 - 1/4, ...
        Assert.Equal([1, 0.75, 0.5, 0.25, 0], Score(new NoHitLruScorer(), View(5), Miss()));
        Assert.Equal([1], Score(new NoHitLruScorer(), View(5), Miss(), 4));
    }

    [Fact]
    public void NoHitLruScorer_SomeUsed_ComeAfterTheOthersOldestFirst()
    {
        var scorer = new NoHitLruScorer();
        foreach (var server in (int[])[3, 1, 4, 3])
        {
            scorer.Sent(PrefixMatch.None, Pool, server);
        }

        // Used, oldest first: 1, 4, 3. Never: 0 and 2. Of N = 5: 0: 1 - 0/4; 2: 1 - 1/4; 1: 1 - (2+0)/4; 4: 1 - (2+1)/4; 3: 1 - (2+2)/4.
        Assert.Equal([1, 0.5, 0.75, 0, 0.25], Score(scorer, View(5), Miss()));

        // Positions count all that were used, candidates or not: 3 is in place 2 of 3, so 1 - (1+2)/1 = -2, at least 0.
        Assert.Equal([1, 0], Score(scorer, View(5), Miss(), 0, 3));
    }

    [Fact]
    public void NoHitLruScorer_MoreUsedThanItsSize_ForgetsTheOldest()
    {
        var scorer = new NoHitLruScorer(2);
        foreach (var server in (int[])[0, 1, 2])
        {
            scorer.Sent(PrefixMatch.None, Pool, server);
        }

        // 0 counts as never used again: 1 - 0/2; 1: 1 - (1+0)/2; 2: 1 - (1+1)/2.
        Assert.Equal([1, 0.5, 0], Score(scorer, View(3), Miss()));
    }

    [Fact]
    public void Score_Scorers_AllocateNothing()
    {
        var view = View(200);
        var request = new InferenceRequest();
        var random = new Random(1);
        var candidates = Enumerable.Range(0, 200).ToArray();
        var scores = new double[200];
        var (hit, miss) = (Match(), Miss());
        var (prefix, lru) = (new PrefixCacheScorer(), new NoHitLruScorer());
        lru.Sent(miss, Pool, 5);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            foreach (var match in (ReadOnlySpan<PrefixMatch>)[hit, miss])
            {
                prefix.Score(new PickContext(view, request, 0, random, match), candidates, scores);
                lru.Score(new PickContext(view, request, 0, random, match), candidates, scores);
            }
        }));
    }

    [Fact]
    public void NoHitLruScorer_OtherPools_HaveAnOrderOfTheirOwn()
    {
        var scorer = new NoHitLruScorer();
        scorer.Sent(PrefixMatch.None, "other/pool", 0);

        Assert.Equal([1, 0], Score(scorer, View(2), Miss()));

        scorer.Sent(PrefixMatch.None, Pool, 0);
        Assert.Equal([0, 1], Score(scorer, View(2), Miss()));
    }

    [Fact]
    public void NoHitLruScorer_TakesOver_KeepsTheOrder()
    {
        var (before, after) = (new NoHitLruScorer(8), new NoHitLruScorer(2));
        foreach (var server in (int[])[0, 1, 2])
        {
            before.Sent(PrefixMatch.None, Pool, server);
        }

        after.TakeOver(before);

        // It has room for two: 0 counts as never used.
        Assert.Equal([1, 0.5, 0], Score(after, View(3), Miss()));
    }
}
