using Orleans.Inference.Bench.Simulation.Results;
using Orleans.Inference.Bench.Simulation.Runs;
using Orleans.Inference.Bench.Simulation.Strategies;
using Orleans.Inference.Bench.Simulation.Workloads;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulation.Tests;

public sealed class SimulationRunTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Strategies => [.. StrategyList.All.Select(s => s.Name)];

    private static RunRecord Run(Workload workload, string strategy, int seed = 1)
    {
        var definition = StrategyList.All.Single(s => s.Name == strategy);
        return new SimulationRun(workload, definition.Create(new Random(seed), workload.Servers)).Run();
    }

    private static void CheckLaws(Workload workload, string strategy)
    {
        // A request that is answered twice throws; the run ends when all are answered.
        var record = Run(workload, strategy);
        Assert.Equal(workload.Requests.Count, record.Answered);
        Assert.InRange(record.PeakKvUsage, 0.001, 1);
        var figures = record.Figures(strategy);
        Assert.InRange(figures.HitRate, 0, 1);
        Assert.InRange(figures.FirstToken.P50, 0, figures.FirstToken.P90);
        Assert.InRange(figures.FirstToken.P90, figures.FirstToken.P50, figures.FirstToken.P99);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Run_SharedPrefix_KeepsTheLaws(string strategy) => CheckLaws(SharedPrefixWorkload.Create(30, Short, 7), strategy);

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Run_MultiLora_KeepsTheLaws(string strategy) => CheckLaws(LoraWorkload.Create(20, Short, 7), strategy);

    [Theory]
    [InlineData("least-requests")]
    [InlineData("default")]
    public void Run_Conversations_KeepsTheLaws(string strategy) => CheckLaws(ConversationWorkload.Create(Short, 7), strategy);

    [Fact]
    public void Run_SameSeedTwice_MakesTheSameTables()
    {
        Assert.Equal(Table(3), Table(3));
        Assert.NotEqual(Table(3), Table(4));

        static string Table(int seed)
        {
            var workload = SharedPrefixWorkload.Create(60, TimeSpan.FromSeconds(1), seed);
            return ResultTable.Csv(StrategyList.All.Select(s => Run(workload, s.Name, seed).Figures(s.Name)));
        }
    }

    [Fact]
    public void Run_TwoRequestsOnOneServer_IsAsWorkedOutByHand()
    {
        // 1,000 prompt tokens a second; 10 ms a decode step. Both prompts are the same 100 tokens; answers have 3 tokens, that is two decode steps after the prompt's.
        // At 0 s: 100 tokens take 100 ms, the end is at 0.12 s. At 1 s: 6 blocks of 16 are cached (the last token is always computed), 4 tokens take 4 ms, the end is at 1.024 s.
        var prompt = new Piece(1, 100);
        var workload = new Workload
        {
            Name = "two",
            Rate = 1,
            Servers = 1,
            Engine = new EngineOptions { PrefillTokensPerSecond = 1000, DecodeStep = TimeSpan.FromMilliseconds(10), BlockSize = 16, BlockCount = 100, MaxModelLength = 1600 },
            Requests = [new(0, TimeSpan.Zero, [prompt], new Piece(2, 3)), new(1, TimeSpan.FromSeconds(1), [prompt], new Piece(3, 3))],
        };

        var figures = Run(workload, "round-robin").Figures("round-robin");

        Assert.Equal(2, figures.Requests);
        Assert.Equal(new Percentiles(0.004, 0.1, 0.1), figures.FirstToken);
        Assert.Equal(new Percentiles(0.01, 0.01, 0.01), figures.PerToken);
        Assert.Equal(new Percentiles(0.024, 0.12, 0.12), figures.EndToEnd);
        Assert.Equal(96 / 200.0, figures.HitRate);
        Assert.Equal(6 / 1.024, figures.OutputTokensPerSecond, 9);
        Assert.Equal(0, figures.LoadVariation);
    }

    [Fact]
    public void Run_NextTurnDueBeforeTheAnswer_ComesWithTheAnswer()
    {
        // The first answer takes 0.12 s; the next turn was due after 10 ms. It repeats prompt and answer, 103 tokens of which 6 blocks are cached, and says 9 more: 16 tokens take 16 ms.
        var first = new SimulatedRequest(0, TimeSpan.Zero, [new Piece(1, 100)], new Piece(2, 3));
        var workload = new Workload
        {
            Name = "turns",
            Rate = 1,
            Servers = 1,
            Engine = new EngineOptions { PrefillTokensPerSecond = 1000, DecodeStep = TimeSpan.FromMilliseconds(10), BlockSize = 16, BlockCount = 100, MaxModelLength = 1600 },
            Requests = [first, new(1, TimeSpan.FromMilliseconds(10), [.. first.Transcript, new Piece(3, 9)], new Piece(4, 1), previous: first)],
        };

        var figures = Run(workload, "default").Figures("default");

        Assert.Equal(new Percentiles(0.016, 0.1, 0.1), figures.FirstToken);
        Assert.Equal(4 / 0.136, figures.OutputTokensPerSecond, 9);
    }

    [Fact]
    public void Run_PromptsInGroups_HitMoreWithThePrefixThanWithout()
    {
        var workload = SharedPrefixWorkload.Create(30, Short, 7);

        Assert.True(Run(workload, "prefix-aware").Figures("").HitRate > 0.8);
        Assert.True(Run(workload, "least-requests").Figures("").HitRate < 0.5);
    }
}
