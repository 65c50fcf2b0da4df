using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class PrefixIndexConcurrencyTests
{
    private const int Steady = 40;
    private const int Churning = 20;
    private const int Writes = 30_000;

    /// <summary>More than cores, so that readers are interrupted in the midst of a search.</summary>
    private static int Readers => 4 * Environment.ProcessorCount;

    /// <summary>
    /// Steady servers hold prompts whose length is known for good, in sets that churning servers enter and leave all the time, in a table whose records, lists and buckets change hands; whatever
    /// a reader sees of a steady server must be its exact length, of a churning one a length that it could have, of a stranger nothing.
    /// </summary>
    /// <param name="capacity">40: each prompt of a server's own pushes the common one out, end first. 100,000: the table grows all the time.</param>
    [Theory]
    [InlineData(40)]
    [InlineData(100_000)]
    public async Task Match_WhileAWriterAddsForgetsAndRemoves_IsNeverTorn(int capacity)
    {
        var index = new PrefixIndex();
        int[] common = [.. Enumerable.Range(0, 30)];
        var whole = Chains.Of(common);
        for (var server = 0; server < Steady; server++)
        {
            Assert.True(index.Add(server, 1000, whole.AsSpan(0, Length(server))));
        }

        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Factory.StartNew(() => Read(index, whole, stop.Token), TaskCreationOptions.LongRunning)).ToArray();
        var written = Task.Factory.StartNew(() => Write(index, whole, capacity), TaskCreationOptions.LongRunning);
        await Task.WhenAny(written, Task.WhenAny(readers)).WaitAsync(TimeSpan.FromMinutes(2));
        await stop.CancelAsync();
        await written.WaitAsync(TimeSpan.FromMinutes(2));
        var matches = await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.All(matches, count => Assert.True(count > 100, $"only {count} matches beside {Writes} additions"));
    }

    private static int Length(int server) => 3 + (server * 7 % 25);

    private static void Write(PrefixIndex index, ulong[] whole, int capacity)
    {
        var random = new Random(3);
        var numbers = new Queue<int>(Enumerable.Range(Steady, Churning));
        var here = new List<int>();
        for (var i = 0; i < Writes; i++)
        {
            if (here.Count == 0 || (random.Next(50) == 0 && numbers.Count > 0))
            {
                here.Add(numbers.Dequeue());
            }

            var server = here[random.Next(here.Count)];
            if (random.Next(3) == 0)
            {
                index.Add(server, capacity, whole.AsSpan(0, random.Next(whole.Length + 1)));
            }
            else
            {
                index.Add(server, capacity, Chains.Of([.. Enumerable.Range(random.Next(1_000_000) * 100, random.Next(35))]));
            }

            if (here.Count > 1 && random.Next(60) == 0)
            {
                index.Remove(server);
                here.Remove(server);
            }

            while (index.TryTakeSwept(out var swept))
            {
                numbers.Enqueue(swept);
            }
        }
    }

    private static int Read(PrefixIndex index, ulong[] whole, CancellationToken stop)
    {
        var hashes = Chains.Request(whole);
        var match = new PrefixMatch();
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            index.Match(hashes, match);
            for (var server = 0; server < Steady; server++)
            {
                Assert.Equal(Length(server), match.Blocks(server));
            }

            foreach (var server in match.Servers)
            {
                Assert.InRange(server, 0, Steady + Churning - 1);
                Assert.InRange(match.Blocks(server), 1, whole.Length);
            }
        }

        return count;
    }
}
