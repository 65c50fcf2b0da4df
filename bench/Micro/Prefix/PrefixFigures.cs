using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Micro.Prefix;

/// <summary>The tables of bench/results/prefix.md: hashing, decisions, memory.</summary>
internal static class PrefixFigures
{
    public static void Print()
    {
        Console.WriteLine("## Hashing a prompt, GB/s\n");
        Least.Row("bytes", "blocks of 64 tokens", "the same in pieces of 1,000 bytes", "GAIE v1.5, blocks of 64 bytes", "floor: a copy of the bytes");
        Least.Row("--:", "--:", "--:", "--:", "--:");
        foreach (var bytes in (int[])[1_400, 40_000, 400_000, 4_000_000, 64_000_000])
        {
            PrintHashing(bytes);
        }

        Console.WriteLine("\n## One decision\n");
        Least.Row("servers", "their prefixes", "match, µs", "match and pick, µs", "allocated, bytes", "addition, µs");
        Least.Row("--:", "---", "--:", "--:", "--:", "--:");
        foreach (var servers in (int[])[10, 100, 1_000, 10_000])
        {
            foreach (var staggered in (bool[])[false, true])
            {
                PrintDecision(servers, staggered);
            }
        }

        Console.WriteLine("\n## Memory\n");
        Least.Row("servers", "blocks", "pairs", "bytes a pair", "CPU of adding a block, ns");
        Least.Row("--:", "---", "--:", "--:", "--:");
        PrintMemory("a prompt's own, in prompts of 100", servers: 1_000, perServer: 10_000, sharing: 1, length: 100);
        PrintMemory("a prompt's own, in prompts of 1", servers: 1_000, perServer: 10_000, sharing: 1, length: 1);
        PrintMemory("a prompt's own, in prompts of 100", servers: 10_000, perServer: 3_000, sharing: 1, length: 100);
        PrintMemory("each on 2 servers", servers: 1_000, perServer: 10_000, sharing: 2, length: 100);
        PrintMemory("each on 3 servers", servers: 1_000, perServer: 10_000, sharing: 3, length: 100);
        PrintMemory("each on 17 servers", servers: 1_000, perServer: 10_000, sharing: 17, length: 100);
        PrintMemory("each on all servers", servers: 1_000, perServer: 10_000, sharing: 1_000, length: 100);
        PrintMemory("a prompt's own, 3 times as many as there is room for", servers: 100, perServer: 31_250, sharing: 1, length: 100, times: 3);
    }

    private static void PrintHashing(int bytes)
    {
        var prompt = new byte[bytes];
        var copy = new byte[bytes];
        new Random(1).NextBytes(prompt);
        var hashes = new PrefixHashes();
        string Measure(Action action) => Least.Figure(bytes / Least.Of(action).Nanoseconds, "0.0");
        Least.Row(
            Least.Figure(bytes),
            Measure(() => Hash(hashes, prompt, PrefixHashRule.Tokens, 64, bytes)),
            Measure(() => Hash(hashes, prompt, PrefixHashRule.Tokens, 64, 1_000)),
            Measure(() => Hash(hashes, prompt, PrefixHashRule.WholeBlocks, 16, bytes)),
            Measure(() => prompt.CopyTo(copy, 0)));
    }

    private static void Hash(PrefixHashes hashes, ReadOnlySpan<byte> prompt, PrefixHashRule rule, int blockTokens, int piece)
    {
        var hasher = new PrefixHasher(hashes, rule, 1, blockTokens, int.MaxValue);
        for (var at = 0; at < prompt.Length; at += piece)
        {
            hasher.Append(prompt.Slice(at, Math.Min(piece, prompt.Length - at)));
        }

        hasher.EndPrompt();
    }

    private static void PrintDecision(int servers, bool staggered)
    {
        var scenario = new PrefixScenario(servers, staggered);
        var match = Least.Of(scenario.Match);
        var pick = Least.Of(scenario.Pick);
        var add = Least.Of(scenario.Add);
        Least.Row(
            Least.Figure(servers),
            staggered ? "94 lengths" : "one length",
            Least.Figure(match.Nanoseconds / 1000),
            Least.Figure(pick.Nanoseconds / 1000),
            pick.Allocated,
            Least.Figure(add.Nanoseconds / 1000));
    }

    /// <param name="perServer">Blocks that a server has room for.</param>
    /// <param name="sharing">Servers that get the same prompts.</param>
    /// <param name="length">Blocks in a prompt.</param>
    /// <param name="times">How often as many blocks as there is room for are added.</param>
    private static void PrintMemory(string blocks, int servers, int perServer, int sharing, int length, int times = 1)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new PrefixIndex();
        var chain = new ulong[length];
        var begin = Environment.CpuUsage.TotalTime;
        for (var prompt = 0; prompt < times * perServer / length; prompt++)
        {
            for (var server = 0; server < servers; server++)
            {
                // The generator of hashes costs a few nanoseconds a block, and is counted.
                var state = ((ulong)(uint)(server / sharing) << 32) | (uint)prompt;
                for (var i = 0; i < length; i++)
                {
                    chain[i] = Scramble((state * 4099) + (ulong)i);
                }

                index.Add(server, perServer, chain);
            }
        }

        var elapsed = Environment.CpuUsage.TotalTime - begin;
        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        Least.Row(
            Least.Figure(servers),
            blocks,
            Least.Figure(index.Pairs),
            Least.Figure((double)used / index.Pairs, "0.0"),
            Least.Figure(elapsed.TotalNanoseconds / times / servers / perServer, "0"));
        GC.KeepAlive(index);
    }

    /// <summary>Different inputs, different well-mixed outputs (the finishing steps of SplitMix64).</summary>
    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
