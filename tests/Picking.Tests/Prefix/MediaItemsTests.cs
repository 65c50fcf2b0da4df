using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class MediaItemsTests
{
    private static Dictionary<int, int> Match(PrefixIndex index, params (ulong Hash, int Tokens)[] items)
    {
        var match = new PrefixMatch();
        index.Match(Items(items), match);
        Assert.Equal(items.Sum(item => item.Tokens), match.TotalBlocks);
        return match.Servers.ToArray().ToDictionary(server => server, match.Blocks);
    }

    private static MediaItems Items(params (ulong Hash, int Tokens)[] items)
    {
        var all = new MediaItems();
        foreach (var (hash, tokens) in items)
        {
            all.Add(hash, tokens);
        }

        return all;
    }

    [Fact]
    public void Add_TheSameAgain_CountsOnce()
    {
        var items = Items((1, 225), (2, 4500), (1, 225));

        Assert.Equal([1UL, 2UL], items.Hashes.ToArray());
        Assert.Equal([225, 4500], items.Sizes.ToArray());
        Assert.Equal(4725, items.TotalSize);
    }

    [Fact]
    public void Add_OfNoSize_CountsOneToken() => Assert.Equal(1, Items((1, 0)).TotalSize);

    [Fact]
    public void Add_MoreThanTheMost_KeepsTheFirstAndTheirSum()
    {
        var items = Items([.. Enumerable.Range(0, 1000).Select(i => ((ulong)i, int.MaxValue))]);

        Assert.Equal(MediaItems.MostItems, items.Count);
        Assert.Equal(255UL, items.Hashes[^1]);
        Assert.Equal(items.Sizes.ToArray().Sum(size => (long)size), items.TotalSize);
    }

    [Fact]
    public void Clear_ForAnotherRequest_HasNothing()
    {
        var items = Items((1, 225), (2, 225));
        items.Clear();
        items.Add(2, 7);

        Assert.Equal([2UL], items.Hashes.ToArray());
        Assert.Equal(7, items.TotalSize);
    }

    /// <summary>Items are no chain: a server may have the second and not the first.</summary>
    [Fact]
    public void Match_AnyOfTheItems_SumsTheirTokens()
    {
        var index = new PrefixIndex();
        index.Add(0, 100, [1]);
        index.Add(70, 100, [3, 2]);
        index.Add(5, 100, [9]);

        Assert.Equal(new() { [0] = 225, [70] = 4500 + 10 }, Match(index, (1, 225), (2, 4500), (3, 10)));
        Assert.Empty(Match(index, (4, 225)));
        Assert.Empty(Match(index));
    }

    [Fact]
    public void Match_BeyondTheCapacity_ForgetsWhatWasSentLongestAgo()
    {
        var index = new PrefixIndex();
        foreach (var item in (ulong[])[1, 2, 1, 3])
        {
            index.Add(0, 2, [item]);
        }

        // 1 was sent again after 2, so 3 took the place of 2.
        Assert.Equal(new() { [0] = 1 + 100 }, Match(index, (1, 1), (2, 10), (3, 100)));
    }
}
