using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class PrefixIndexTests
{
    private const int Capacity = 1000;
    private readonly PrefixIndex _index = new();

    [Fact]
    public void Match_ServersWithPrefixesOfAllLengths_FindsEachOnesLongest()
    {
        _index.Add(0, Capacity, Chains.Of(1, 2, 3, 4));
        _index.Add(1, Capacity, Chains.Of(1, 2, 9));
        _index.Add(2, Capacity, Chains.Of(1));
        _index.Add(3, Capacity, Chains.Of(7, 2, 3));

        Assert.Equal(new() { [0] = 4, [1] = 2, [2] = 1 }, _index.Match(Chains.Of(1, 2, 3, 4, 5)));
        Assert.Equal(new() { [0] = 2, [1] = 3, [2] = 1 }, _index.Match(Chains.Of(1, 2, 9)));
        Assert.Empty(_index.Match(Chains.Of(2, 3)));
        Assert.Empty(_index.Match([]));
    }

    [Fact]
    public void Match_SeveralPrompts_SumsTheirPrefixes()
    {
        _index.Add(5, Capacity, Chains.Of(1, 2));
        _index.Add(5, Capacity, Chains.Of(3, 4, 5));
        _index.Add(6, Capacity, Chains.Of(3));

        // 2 of (1,2,8), 2 of (3,4,9), none of (10); server 6 only the first of the second prompt
        Assert.Equal(new() { [5] = 4, [6] = 1 }, _index.Match(Chains.Of(1, 2, 8), Chains.Of(3, 4, 9), Chains.Of(10)));
    }

    [Fact]
    public void Add_BeyondCapacity_ForgetsOldestPromptsLastBlocksFirst()
    {
        _index.Add(0, 5, Chains.Of(1, 2, 3));
        _index.Add(0, 5, Chains.Of(4, 5, 6, 7));

        // 7 blocks, room for 5: of the older prompt the last two go.
        Assert.Equal(5, _index.BlocksOf(0));
        Assert.Equal(new() { [0] = 1 }, _index.Match(Chains.Of(1, 2, 3)));
        Assert.Equal(new() { [0] = 4 }, _index.Match(Chains.Of(4, 5, 6, 7)));
    }

    [Fact]
    public void Add_PromptUsedAgain_IsForgottenLast()
    {
        _index.Add(0, 4, Chains.Of(1, 2));
        _index.Add(0, 4, Chains.Of(3, 4));
        _index.Add(0, 4, Chains.Of(1, 2));
        _index.Add(0, 4, Chains.Of(5, 6));

        Assert.Equal(new() { [0] = 2 }, _index.Match(Chains.Of(1, 2)));
        Assert.Empty(_index.Match(Chains.Of(3, 4)));
    }

    [Fact]
    public void Add_LongerThanCapacity_KeepsTheFirstBlocks()
    {
        _index.Add(0, 3, Chains.Of(1, 2, 3, 4, 5));

        Assert.Equal(new() { [0] = 3 }, _index.Match(Chains.Of(1, 2, 3, 4, 5)));
    }

    [Fact]
    public void Add_LaterCapacity_FirstOneHolds()
    {
        _index.Add(0, 2, Chains.Of(1, 2));
        _index.Add(0, 100, Chains.Of(3, 4, 5));

        Assert.Equal(2, _index.BlocksOf(0));
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(PrefixIndex.MaxServers, 10)]
    [InlineData(0, 0)]
    public void Add_ServerOrCapacityOutOfRange_Throws(int server, int capacity) => Assert.Throws<ArgumentOutOfRangeException>(() => _index.Add(server, capacity, [1]));

    [Fact]
    public void Apply_EntryThatIsNotNewer_ChangesNothing()
    {
        Assert.True(_index.Apply(new PrefixLogEntry(7, 0, Capacity, Chains.Of(1))));
        Assert.False(_index.Apply(new PrefixLogEntry(7, 1, Capacity, Chains.Of(1))));
        Assert.False(_index.Apply(new PrefixLogEntry(6, 2, Capacity, Chains.Of(1))));
        Assert.True(_index.Apply(new PrefixLogEntry(10, 3, Capacity, Chains.Of(1))));

        Assert.Equal(10, _index.Sequence);
        Assert.Equal(new() { [0] = 1, [3] = 1 }, _index.Match(Chains.Of(1)));
    }

    [Fact]
    public void Remove_Server_IsClearedAwayInStepsAndItsNumberComesBackOnce()
    {
        _index.Add(0, Capacity, Chains.Of([.. Enumerable.Range(0, 300)]));
        _index.Add(1, Capacity, Chains.Of(0, 1));
        _index.Remove(0);

        Assert.False(_index.TryTakeSwept(out _));
        Assert.True(_index.TrySweep(100));
        Assert.Equal(202, _index.Pairs);
        Assert.False(_index.Add(0, Capacity, Chains.Of(9)));
        Assert.False(_index.TrySweep(100_000));
        Assert.Equal(2, _index.Pairs);
        Assert.True(_index.TryTakeSwept(out var server));
        Assert.Equal(0, server);
        Assert.False(_index.TryTakeSwept(out _));
        Assert.Equal(new() { [1] = 2 }, _index.Match(Chains.Of(0, 1, 2)));
        Assert.True(_index.Add(0, Capacity, Chains.Of(9)));
    }

    [Fact]
    public void Remove_ServerThatWasNeverSentAnything_GivesItsNumberBack()
    {
        _index.Remove(3);

        Assert.True(_index.TryTakeSwept(out var server));
        Assert.Equal(3, server);
    }

    [Fact]
    public void Add_AfterRemove_ClearsAwayWhatIsLeft()
    {
        _index.Add(0, Capacity, Chains.Of([.. Enumerable.Range(0, 300)]));
        _index.Remove(0);
        for (var i = 0; i < 20; i++)
        {
            _index.Add(1, Capacity, Chains.Of(1000));
        }

        Assert.Equal(1, _index.Pairs);
        Assert.True(_index.TryTakeSwept(out _));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(70)]
    [InlineData(1000)]
    [InlineData(6000)]
    public void Match_BlockOfManyServers_FindsAllOfThem(int servers)
    {
        for (var server = 0; server < servers; server++)
        {
            _index.Add(server, Capacity, Chains.Of([1, 2, .. Enumerable.Repeat(3, server % 4)]));
        }

        var expected = Enumerable.Range(0, servers).ToDictionary(s => s, s => 2 + (s % 4));
        Assert.Equal(expected, _index.Match(Chains.Of(1, 2, 3, 3, 3)));

        // And back: every set shrinks again to nothing.
        for (var server = 0; server < servers; server++)
        {
            _index.Remove(server);
            _index.TrySweep(int.MaxValue);
            expected.Remove(server);
            if (server % 97 == 0 || server > servers - 4)
            {
                Assert.Equal(expected, _index.Match(Chains.Of(1, 2, 3, 3, 3)));
            }
        }

        Assert.Equal(0, _index.Pairs);
    }

    [Fact]
    public void Match_ManyBlocks_FindsEachWhileTheTableGrows()
    {
        const int Prompts = 3000;
        for (var i = 0; i < Prompts; i++)
        {
            _index.Add(i % 10, 100_000, Chains.Of([.. Enumerable.Range(i * 1000, 20)]));
        }

        Assert.Equal(Prompts * 20, _index.Pairs);
        for (var i = 0; i < Prompts; i++)
        {
            Assert.Equal(new() { [i % 10] = 20 }, _index.Match(Chains.Of([.. Enumerable.Range(i * 1000, 21)])));
        }
    }

    [Fact]
    public void Match_MatchUsedBefore_AllocatesNothingAndForgetsTheLast()
    {
        for (var server = 0; server < 500; server++)
        {
            _index.Add(server, Capacity, Chains.Of([.. Enumerable.Range(0, server % 50)]));
        }

        var found = Chains.Request(Chains.Of([.. Enumerable.Range(0, 60)]));
        var nothing = Chains.Request(Chains.Of(99));
        var match = new PrefixMatch();

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => _index.Match(found, match)));
        Assert.Equal(490, match.Servers.Length);
        Assert.Equal(60, match.TotalBlocks);
        _index.Match(nothing, match);
        Assert.True(match.Servers.IsEmpty);
        Assert.Equal(0, match.Blocks(7));
        Assert.Equal(1, match.TotalBlocks);
    }

    [Fact]
    public void Add_ServerFullOfBlocks_AllocatesNothing()
    {
        var chains = Enumerable.Range(0, 100).Select(i => Chains.Of([.. Enumerable.Range(i * 1000, 20)])).ToArray();
        void AddAll()
        {
            foreach (var chain in chains)
            {
                _index.Add(0, 500, chain);
            }
        }

        for (var i = 0; i < 20; i++)
        {
            AddAll();
        }

        Assert.Equal(0, AllocatedBytes.OfSteadyState(AddAll));
    }
}
