using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class PrefixIndexProperties
{
    /// <summary>One step: 0 to 7 adds a prompt, 8 removes a server, 9 clears some of the removed ones away.</summary>
    private sealed record Step(int Kind, int Server, int Capacity, int[] Prompt);

    [Fact]
    public void AnyHistory_FewServersAndBlocks_EqualsTheNaiveIndex()
    {
        // Two kinds of blocks only, so that prompts share prefixes.
        var step = from kind in Gen.Choose(0, 9)
                   from server in Gen.Choose(0, 5)
                   from capacity in Gen.Choose(1, 20)
                   from length in Gen.Choose(0, 12)
                   from prompt in Gen.Choose(0, 1).ArrayOf(length)
                   select new Step(kind, server, capacity, prompt);
        var property = Prop.ForAll(Arb.From(step.ListOf()), steps =>
        {
            var run = new ComparedRun();
            foreach (var one in steps)
            {
                run.Take(one.Kind, one.Server, one.Capacity, one.Prompt);
                run.Compare(one.Prompt);
            }

            return true;
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200).WithReplay(11, 13));
    }

    [Theory]
    [InlineData(1, 4, 2_000, 60)]
    [InlineData(2, 100, 300, 30)]
    [InlineData(3, 700, 60, 12)]
    public void LongHistory_TableGrowsAndSetsChangeTheirForm_EqualsTheNaiveIndex(int seed, int servers, int capacity, int length)
    {
        var random = new Random(seed);
        var run = new ComparedRun();
        for (var i = 0; i < 20_000; i++)
        {
            // The first blocks are shared by most, the last ones by few.
            var own = random.Next(40);
            var prompt = Enumerable.Range(0, random.Next(length)).Select(at => at < length / 3 ? 0 : at < length / 2 ? own % 3 : own).ToArray();
            var kind = random.Next(2000);
            run.Take(kind < 1990 ? 0 : kind < 1993 ? 8 : 9, random.Next(servers), capacity, prompt);
            if (i % 101 == 0)
            {
                run.Compare(prompt);
            }
        }

        run.Compare([]);
    }

    private sealed class ComparedRun
    {
        private readonly PrefixIndex _index = new();
        private readonly NaivePrefixIndex _naive = new();
        private readonly HashSet<int> _leaving = [];
        private long _sequence;

        public void Take(int kind, int server, int capacity, int[] prompt)
        {
            if (kind == 9)
            {
                _index.TrySweep(7);
            }
            else if (kind == 8)
            {
                _index.Remove(server);
                _naive.Remove(server);
                _leaving.Add(server);
            }
            else if (!_leaving.Contains(server))
            {
                var chain = Chains.Of(prompt);
                _naive.Add(server, capacity, chain);
                Assert.True(kind % 2 == 0 ? _index.Apply(new PrefixLogEntry(++_sequence, server, capacity, chain)) : _index.Add(server, capacity, chain));
            }

            while (_index.TryTakeSwept(out var swept))
            {
                Assert.True(_leaving.Remove(swept));
            }
        }

        public void Compare(int[] prompt)
        {
            var chain = Chains.Of([.. prompt, 1, 0]);
            var found = _index.Match(chain);
            foreach (var server in _leaving)
            {
                found.Remove(server);
            }

            Assert.Equal(_naive.Match(chain), found);
            if (_leaving.Count == 0)
            {
                Assert.Equal(_naive.Pairs, _index.Pairs);
            }

            for (var server = 0; server < 6; server++)
            {
                Assert.Equal(_naive.BlocksOf(server), _index.BlocksOf(server));
            }
        }
    }
}
