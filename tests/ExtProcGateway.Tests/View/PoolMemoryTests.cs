using System.Collections.Frozen;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

public sealed class PoolMemoryTests
{
    private readonly PoolMemory _memory = new();

    private static ModelServer Server(string id, string address = "10.0.0.1:80") => new(id, address, FrozenDictionary<string, string>.Empty);

    [Fact]
    public void Keep_ServersMove_TheyKeepNumberAndLoad()
    {
        _memory.Keep([Server("a"), Server("b"), Server("c")], out var numbers, out var loads);
        _memory.Keep([Server("c"), Server("a"), Server("d")], out var after, out var loadsAfter);

        Assert.Equal([numbers[2], numbers[0]], after[..2]);
        Assert.Same(loads[2], loadsAfter[0]);
        Assert.Same(loads[0], loadsAfter[1]);
        Assert.Equal(3, after.Distinct().Count());
    }

    [Fact]
    public void Keep_ServerComesBack_StartsFromNothing()
    {
        _memory.Keep([Server("a")], out _, out var loads);
        var booking = loads[0].Book(5, now: 1);
        _memory.Keep([], out _, out _);
        _memory.Keep([Server("a")], out _, out var again);

        Assert.NotSame(loads[0], again[0]);
        booking.Release();
        Assert.Equal(0, again[0].Requests);
        Assert.Equal(0, loads[0].Requests);
    }

    [Fact]
    public void Keep_SameNameAtAnotherAddress_IsAnotherServer()
    {
        _memory.Keep([Server("a")], out var numbers, out var loads);
        _memory.Prefix.Add(numbers[0], 100, [1, 2, 3]);
        _memory.Keep([Server("a", "10.0.0.2:80")], out _, out var after);

        Assert.NotSame(loads[0], after[0]);
        Assert.Equal(0, _memory.Prefix.BlocksOf(numbers[0]));
    }

    [Fact]
    public void Keep_ServerLeaves_ItsMediaAreForgottenBeforeItsNumberIsAnothers()
    {
        _memory.Keep([Server("a")], out var numbers, out _);
        _memory.Media.Add(numbers[0], 100, [1, 2, 3]);
        _memory.Keep([], out _, out _);
        _memory.Keep([Server("b")], out var after, out _);

        Assert.Equal(numbers, after);
        Assert.Equal(0, _memory.Media.Pairs);
        Assert.True(_memory.Media.Add(after[0], 100, [4]));
    }

    /// <summary>A number is another's only when nothing is left under it of either index: not while the events' one is being cleared away.</summary>
    [Fact]
    public void Keep_ServerLeavesWithBlocks_ItsNumberIsGivenAwayWhenTheyAreGone()
    {
        _memory.Keep([Server("a")], out var numbers, out _);
        var blocks = _memory.Events.Join(numbers[0])!;
        var chain = Enumerable.Range(1, 5000).Select(i => (ulong)i).ToArray();
        Assert.True(blocks.Hold(chain, chain));

        _memory.Keep([Server("b")], out var next, out _);
        Assert.NotEqual(numbers[0], next[0]);
        Assert.InRange(_memory.Events.Index.Pairs, 1, 4999);
        _memory.Keep([Server("b"), Server("c")], out var last, out _);

        Assert.Equal(numbers[0], last[1]);
        Assert.Equal(0, _memory.Events.Index.Pairs);
        Assert.NotNull(_memory.Events.Join(last[1]));
    }
}
