using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class BlockTableTests
{
    private const int Blocks = 6000;
    private const int Rounds = 300;

    [Fact]
    public void Find_AfterInsertAndRemove_KnowsWhatIsThere()
    {
        var table = new BlockTable();
        var random = new Random(1);
        var ids = new Dictionary<ulong, int>();
        for (var i = 0; i < 50_000; i++)
        {
            var hash = Hash(random.Next(20_000));
            if (ids.Remove(hash, out var id))
            {
                Assert.Equal(id, table.Find(hash));
                table.Remove(id);
                Assert.Equal(BlockTable.None, table.Find(hash));
            }
            else
            {
                Assert.Equal(BlockTable.None, table.Find(hash));
                ids[hash] = table.Insert(hash, i % 1000, (uint)i);
            }
        }

        Assert.Equal(ids.Count, table.Count);
        Assert.All(ids, one => Assert.Equal((one.Value, one.Key), (table.Find(one.Key), table.Hash(one.Value))));
    }

    /// <summary>Readers that are interrupted in the midst of a chain which is split meanwhile: the protocol of versions must tell them.</summary>
    [Fact]
    public async Task Find_WhileTheTableGrows_FindsWhatIsThere()
    {
        var growing = new Growing(new BlockTable());
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(seed => Task.Factory.StartNew(() => Read(seed), TaskCreationOptions.LongRunning)).ToArray();
        var writer = Task.Factory.StartNew(Write, TaskCreationOptions.LongRunning);
        await Task.WhenAny(writer, Task.WhenAny(readers)).WaitAsync(TimeSpan.FromMinutes(2));
        await stop.CancelAsync();
        await writer.WaitAsync(TimeSpan.FromMinutes(2));
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30));

        void Write()
        {
            for (var round = 0; round < Rounds && !stop.IsCancellationRequested; round++)
            {
                var next = new Growing(new BlockTable());
                Volatile.Write(ref growing, next);
                for (var i = 0; i < Blocks; i++)
                {
                    next.Table.Insert(Hash(i), 0, 0);
                    Volatile.Write(ref next.Count, i + 1);
                }
            }
        }

        void Read(int seed)
        {
            var random = new Random(seed);
            while (!stop.IsCancellationRequested)
            {
                var now = Volatile.Read(ref growing);
                var count = Volatile.Read(ref now.Count);
                if (count > 0)
                {
                    var hash = Hash(random.Next(count));
                    Assert.True(Contains(now.Table, hash), $"a block was lost among {count}");
                }
            }
        }
    }

    private static bool Contains(BlockTable table, ulong hash)
    {
        while (true)
        {
            var version = table.Version(hash);
            var id = table.Find(hash);
            Volatile.ReadBarrier();
            if (table.Version(hash) == version)
            {
                return id != BlockTable.None;
            }
        }
    }

    private static ulong Hash(int block) => XxHash64.HashPair((ulong)block, 1);

    private sealed class Growing(BlockTable table)
    {
        public int Count;

        public BlockTable Table => table;
    }
}
