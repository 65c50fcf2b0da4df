using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class ServerBlocksTests
{
    private readonly EngineBlockIndex _events = new();

    private PrefixIndex Index => _events.Index;

    [Fact]
    public void Drop_BlockInTheMidst_PrefixEndsBeforeIt()
    {
        var chain = Chains.Of(1, 2, 3, 4, 5, 6, 7, 8);
        var (one, other) = (_events.Join(0)!, _events.Join(70)!);
        one.Hold([1, 2, 3, 4, 5, 6, 7, 8], chain);
        other.Hold([1, 2, 3, 4, 5, 6, 7, 8], chain);
        one.Drop(3);
        other.Drop(6);
        Assert.Equal(new() { [0] = 2, [70] = 5 }, Index.Match(chain));
        Assert.Equal(14, Index.Pairs);

        one.Hold([3], chain.AsSpan(2, 1));
        Assert.Equal(new() { [0] = 8, [70] = 5 }, Index.Match(chain));
        Assert.Equal(new() { [0] = 2, [70] = 2 }, Index.Match(chain[..2]));
        one.Drop(1);
        Assert.Equal(new() { [70] = 5 }, Index.Match(chain));
    }

    [Fact]
    public void Match_SeveralPrompts_SumsTheirPrefixes()
    {
        var blocks = _events.Join(2)!;
        blocks.Hold([1, 2, 3], Chains.Of(1, 2, 3));
        blocks.Hold([4], Chains.Of(9));

        Assert.Equal(new() { [2] = 3 }, Index.Match(Chains.Of(1, 2, 8), Chains.Of(9, 1), [], Chains.Of(7)));
    }

    [Fact]
    public void TryFind_HeldAndNot_TellsTheHash()
    {
        var blocks = _events.Join(0)!;
        blocks.Hold([5], [55]);

        Assert.True(blocks.TryFind(5, out var hash));
        Assert.Equal(55u, hash);
        Assert.False(blocks.TryFind(6, out _));
        blocks.HoldCopy(6);
        Assert.Equal(1, blocks.Count);
    }

    [Fact]
    public void Join_AgainUnderTheSameNumber_StartsFromNothing()
    {
        _events.Join(0)!.Hold([1], [11]);
        _events.Join(1)!.Hold([1], [11]);
        _events.Join(0);

        Assert.Equal(new() { [1] = 1 }, Index.Match([11]));
    }

    /// <summary>Whoever goes on telling of a server that left tells nobody: its number may be another's by now.</summary>
    [Fact]
    public void Hold_AfterTheServerLeft_ChangesNothing()
    {
        var left = _events.Join(0)!;
        left.Hold([1], [11]);
        Index.Remove(0);
        Assert.Null(_events.Join(0));
        Assert.False(Index.TrySweep(100));
        Assert.True(Index.TryTakeSwept(out _));
        var next = _events.Join(0)!;
        next.Hold([7], [77]);

        left.Hold([2], [22]);
        left.Drop(1);
        left.Clear();
        Assert.Equal(new() { [0] = 1 }, Index.Match([77]));
        Assert.Empty(Index.Match([11]));
        Assert.Empty(Index.Match([22]));
        Assert.Equal(1, Index.Pairs);
    }

    [Fact]
    public void AnyHistory_EqualsTheNaiveIndex()
    {
        var random = new Random(17);
        var servers = Enumerable.Range(0, 5).Select(i => _events.Join(i * 40)!).ToArray();
        var held = servers.Select(_ => new Dictionary<ulong, int>()).ToArray();
        for (var step = 0; step < 40_000; step++)
        {
            var at = random.Next(servers.Length);
            var chain = Chains.Of([.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => random.Next(2))]);
            var from = random.Next(chain.Length);
            switch (random.Next(400))
            {
                case 0:
                    servers[at].Clear();
                    held[at].Clear();
                    break;
                case < 180:
                    // A server's name of a block is any number that is the block's alone.
                    servers[at].Hold([.. chain[from..].Select(hash => ~hash)], chain.AsSpan(from));
                    foreach (var hash in chain[from..])
                    {
                        held[at][hash] = held[at].GetValueOrDefault(hash) + 1;
                    }

                    break;
                default:
                    servers[at].Drop(~chain[from]);
                    if (held[at].TryGetValue(chain[from], out var copies) && (held[at][chain[from]] = copies - 1) == 0)
                    {
                        held[at].Remove(chain[from]);
                    }

                    break;
            }

            var expected = Enumerable.Range(0, servers.Length).Select(i => (Server: i * 40, Blocks: chain.TakeWhile(held[i].ContainsKey).Count())).Where(found => found.Blocks > 0);
            Assert.Equal(expected.ToDictionary(found => found.Server, found => found.Blocks), Index.Match(chain));
        }

        Assert.Equal(held.Sum(blocks => blocks.Count), Index.Pairs);
    }

    /// <summary>The bound of the index: at most 32 bytes for a block of a server, also where blocks come and go one by one.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void AllocatedBytes_BlocksComeAndGo_AtMost32APair(int servers)
    {
        const int Each = 30_000;
        var joined = Enumerable.Range(0, servers).Select(i => _events.Join(i)!).ToArray();
        for (var round = 0UL; round < 3; round++)
        {
            foreach (var server in joined)
            {
                for (var i = 0UL; i < Each; i++)
                {
                    var block = (round * Each) + i;
                    server.Hold([block], [XxHash64.HashPair(block, 1)]);
                    if (round > 0)
                    {
                        server.Drop(block - Each);
                    }
                }
            }
        }

        Assert.Equal(servers * Each, Index.Pairs);
        Assert.InRange((double)Index.AllocatedBytes() / Index.Pairs, 1, 32 + (200_000.0 / Index.Pairs));
    }

    [Fact]
    public void Match_WithGaps_AllocatesNothing()
    {
        var chain = Chains.Of([.. Enumerable.Range(0, 500)]);
        for (var i = 0; i < 100; i++)
        {
            _events.Join(i)!.Hold(chain.AsSpan(0, 400 - i), chain.AsSpan(0, 400 - i));
        }

        var (request, match) = (Chains.Request(chain), new PrefixMatch());
        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => Index.Match(request, match)));
        Assert.Equal(100, match.Servers.Length);
    }
}
