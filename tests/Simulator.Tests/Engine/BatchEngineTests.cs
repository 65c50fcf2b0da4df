using Orleans.Inference.Simulator.Engine;
using static Orleans.Inference.Simulator.Tests.Engine.EngineBench;

namespace Orleans.Inference.Simulator.Tests.Engine;

public sealed class BatchEngineTests
{
    [Fact]
    public void Submit_OneRequest_TokensComeAfterPrefillAndThenEachStep()
    {
        var bench = new EngineBench();

        var request = bench.Submit(0, Tokens(1, 20), outputTokens: 3);
        bench.Advance(1_000);

        // 20 prompt tokens take 20 ms and give the first token; then 10 ms each.
        Assert.Equal([20, 30, 40], bench.TokenTimes(request));
        Assert.Equal(FinishReason.Length, request.Finish);
        Assert.Null(bench.Engine.NextEvent);
    }

    [Fact]
    public void Submit_PromptLongerThanTheStepBudget_IsComputedInSeveralSteps()
    {
        var bench = new EngineBench(o => o with { MaxBatchedTokens = 8 });

        var request = bench.Submit(0, Tokens(1, 20), outputTokens: 1);
        bench.Advance(16);

        Assert.Equal(0, request.Generated);
        Assert.Equal(TimeSpan.FromMilliseconds(20), bench.Engine.NextEvent);
        bench.Advance(20);
        Assert.Equal([20], bench.TokenTimes(request));
        Assert.Equal(3, bench.Listener.Steps);
    }

    [Fact]
    public void Submit_SecondRequestDuringAStep_JoinsTheNextStep()
    {
        var bench = new EngineBench();

        var first = bench.Submit(0, Tokens(1, 20), outputTokens: 3);
        var second = bench.Submit(5, Tokens(100, 20), outputTokens: 2);
        Assert.Equal((1, 1), (bench.Engine.RunningCount, bench.Engine.WaitingCount));
        bench.Advance(1_000);

        // From 20 to 50: one decoding sequence (10 ms) and 20 prompt tokens (20 ms); then both decode: 11 ms.
        Assert.Equal([20, 50, 61], bench.TokenTimes(first));
        Assert.Equal([50, 61], bench.TokenTimes(second));
        Assert.Equal(TimeSpan.FromMilliseconds(20), second.FirstScheduled);
    }

    [Fact]
    public void Submit_BatchIsFull_WaitsUntilASequenceEnds()
    {
        var bench = new EngineBench(o => o with { MaxRunning = 1 });

        var first = bench.Submit(0, Tokens(1, 10), outputTokens: 2);
        var second = bench.Submit(0, Tokens(100, 10), outputTokens: 1);
        bench.Advance(15);
        Assert.Equal((1, 1), (bench.Engine.RunningCount, bench.Engine.WaitingCount));
        bench.Advance(1_000);

        Assert.Equal([10, 20], bench.TokenTimes(first));
        Assert.Equal([30], bench.TokenTimes(second));
        Assert.Equal(0.02, bench.Engine.Statistics.QueueTime.Sum, 6);
    }

    [Fact]
    public void Advance_InOneJumpOrManySteps_GivesTheSameTimes()
    {
        double[] Run(double step)
        {
            var bench = new EngineBench();
            var requests = new List<EngineRequest>();
            for (var i = 0; i < 20; i++)
            {
                requests.Add(bench.Submit(i * 7, Tokens(i * 50, 10 + i), outputTokens: 1 + (i % 5)));
            }

            for (var at = 140.0; at < 2_000; at += step)
            {
                bench.Advance(at);
            }

            bench.Advance(2_000);
            Assert.All(requests, request => Assert.Equal(FinishReason.Length, request.Finish));
            return [.. requests.SelectMany(bench.TokenTimes)];
        }

        Assert.Equal(Run(5_000), Run(1));
    }

    [Fact]
    public void KvUsage_WhileRunning_CountsBlocksInUse()
    {
        var bench = new EngineBench();

        // 21 tokens: six blocks of four. With the second output token known: 22 tokens, still six.
        bench.Submit(0, Tokens(1, 21), outputTokens: 2);
        Assert.Equal(0.06, bench.Engine.KvUsage, 6);
        bench.Advance(1_000);

        Assert.Equal(0, bench.Engine.KvUsage);
    }

    [Fact]
    public void Submit_BlocksAreMissing_WaitsAlthoughTheBatchHasRoom()
    {
        var bench = new EngineBench(o => o with { BlockCount = 10, MaxModelLength = 40 });

        bench.Submit(0, Tokens(1, 28), outputTokens: 1);
        var second = bench.Submit(0, Tokens(100, 16), outputTokens: 1);

        // Seven blocks are in use; the second needs four of the other three.
        bench.Advance(27);
        Assert.Equal((1, 1), (bench.Engine.RunningCount, bench.Engine.WaitingCount));
        bench.Advance(28);
        Assert.Equal((1, 0), (bench.Engine.RunningCount, bench.Engine.WaitingCount));
        bench.Advance(44);
        Assert.Equal([44], bench.TokenTimes(second));
    }

    [Fact]
    public void Advance_NoBlocksForASecondSequence_ItWaitsUntilTheFirstEnds()
    {
        var bench = new EngineBench(o => o with { BlockCount = 4, MaxModelLength = 16, PrefixCaching = false });

        var first = bench.Submit(0, Tokens(1, 8), outputTokens: 3);
        var second = bench.Submit(0, Tokens(100, 8), outputTokens: 2);
        bench.Advance(26);

        // Until 8 ms the first's prompt, alone: it had begun already. There it needs its third block for its second token, and the second its two:
        // both get theirs only in part, so the second waits until 28 ms.
        Assert.Equal((1, 1), (bench.Engine.RunningCount, bench.Engine.WaitingCount));
        bench.Advance(1_000);

        Assert.Equal([8, 18, 28], bench.TokenTimes(first));
        Assert.Equal([36, 46], bench.TokenTimes(second));
        Assert.Equal(0, bench.Engine.Statistics.Preemptions);
    }

    [Fact]
    public void Advance_RunningSequencesOutgrowTheBlocks_TheYoungestIsPreemptedAndComputedAgain()
    {
        var bench = new EngineBench(o => o with { BlockCount = 4, MaxModelLength = 16, PrefixCaching = false });

        var first = bench.Submit(0, Tokens(1, 6), outputTokens: 4);
        var second = bench.Submit(0, Tokens(100, 6), outputTokens: 3);
        bench.Advance(1_000);

        // 0–6 the first's prompt (two blocks). 6–22 its seventh token and the second's prompt (two blocks each: all four).
        // 22–33 the first's eighth token and the second's seventh. At 33 the first needs a third block: the second is thrown out.
        // 33–43 the first's ninth token, its last. At 43 the second has known 8 tokens, computes them all again (8 ms), and ends.
        Assert.Equal([6, 22, 33, 43], bench.TokenTimes(first));
        Assert.Equal([22, 33, 51], bench.TokenTimes(second));
        Assert.Equal(1, bench.Engine.Statistics.Preemptions);
        Assert.Equal(0, bench.Engine.KvUsage);
    }

    [Fact]
    public void Cancel_RunningRequest_FreesItsBlocksAndCountsAsAborted()
    {
        var bench = new EngineBench();
        var request = bench.Submit(0, Tokens(1, 20), outputTokens: 100);
        bench.Advance(35);

        bench.Cancel(request, 36);

        Assert.Equal(FinishReason.Abort, request.Finish);
        Assert.Equal(2, request.Generated);
        Assert.Equal((0, 0, 0.0), (bench.Engine.RunningCount, bench.Engine.WaitingCount, bench.Engine.KvUsage));
        Assert.Equal(1, bench.Engine.Statistics.Aborted);
        bench.Advance(1_000);
        Assert.Equal(2, request.Generated);
        Assert.Equal([(request, 36.0)], bench.Listener.Ends);
    }

    [Fact]
    public void Cancel_WaitingRequest_LeavesTheOthersAlone()
    {
        var bench = new EngineBench(o => o with { MaxRunning = 1 });
        var first = bench.Submit(0, Tokens(1, 10), outputTokens: 1);
        var second = bench.Submit(0, Tokens(100, 10), outputTokens: 1);

        bench.Cancel(second, 5);
        bench.Advance(1_000);

        Assert.Equal([10], bench.TokenTimes(first));
        Assert.Empty(bench.TokenTimes(second));
    }

    [Fact]
    public void Submit_SequenceLongerThanTheModel_Throws()
    {
        var bench = new EngineBench();

        Assert.Throws<ArgumentException>(() => bench.Submit(0, Tokens(1, 399), outputTokens: 2));
    }

    [Fact]
    public void Constructor_CacheSmallerThanOneSequence_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new BatchEngine(new EngineOptions { BlockCount = 10, BlockSize = 16, MaxModelLength = 161 }));

        Assert.Contains("161", error.Message, StringComparison.Ordinal);
    }
}
