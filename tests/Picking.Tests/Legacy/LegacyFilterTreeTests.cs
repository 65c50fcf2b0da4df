using Orleans.Inference.Picking.Legacy;
using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Legacy;

public sealed class LegacyFilterTreeTests
{
    private static readonly LoraState Loaded = new(["a"], [], 2);
    private static readonly LoraState Spare = new(["x"], [], 2);
    private static readonly LoraState Full = new(["x", "y"], [], 2);
    private static readonly LegacyFilterTree Tree = new(new());

    private static int[] Keep(PoolView view, int priority = 0, LegacyFilterTree? tree = null, InferenceRequest? request = null, int seed = 1)
    {
        request ??= new InferenceRequest { TargetModel = "a", Priority = priority };
        var candidates = Enumerable.Range(0, view.Count).ToArray();
        return [.. candidates[..(tree ?? Tree).Keep(new PickContext(view, request, 0, new Random(seed)), candidates)].Order()];
    }

    [Fact]
    public void Keep_CriticalWithShortQueues_GoesByAffinityBeforeQueues()
    {
        // Below 128: 0, 1, 2. The adapter is on 0 and 1 (2 has a place for it). Queues 100 and 20: at most 20 + 80/2 = 60: 1.
        var view = new ViewBuilder().Add(queued: 100, lora: Loaded).Add(queued: 20, lora: Loaded).Add(queued: 0, lora: Spare).Add(queued: 128, lora: Loaded).Build();

        Assert.Equal([1], Keep(view));
    }

    [Fact]
    public void Keep_CriticalWithoutShortQueues_GoesByQueuesBeforeAffinity()
    {
        // None below 128. Queues 130 to 190: at most 130 + 60/3 = 150: 0 and 1. The adapter is on 1; 2 has it too but is not asked.
        var view = new ViewBuilder().Add(queued: 130, lora: Spare).Add(queued: 150, lora: Loaded).Add(queued: 190, lora: Loaded).Build();

        Assert.Equal([1], Keep(view));
    }

    [Fact]
    public void Keep_QueueAt128_IsNotShort()
    {
        var view = new ViewBuilder().Add(queued: 128).Add(queued: 127).Build();

        Assert.Equal([1], Keep(view));
    }

    [Fact]
    public void Keep_LeastQueued_DividesWholeNumbers()
    {
        // No LoRA. At most 0 + 5/3 = 1, not 1.67: 0 and 1.
        var view = new ViewBuilder().Add(queued: 0).Add(queued: 1).Add(queued: 5).Build();

        Assert.Equal([0, 1], Keep(view));
    }

    [Fact]
    public void Keep_LeastKvUsage_DividesFractions()
    {
        // At most 0.1 + 0.6/3 = 0.3: 0 and 1.
        var view = new ViewBuilder().Add(kv: 0.1).Add(kv: 0.25).Add(kv: 0.7).Build();

        Assert.Equal([0, 1], Keep(view));
    }

    [Fact]
    public void Keep_NotCritical_GoesToServersWithinBothThresholds()
    {
        // 5 waiting and 0.8 are within; 6 and 0.81 are not. Left are 0 and 2; queues 5 and 0: at most 0 + 5/2 = 2: 2.
        var view = new ViewBuilder().Add(queued: 5, kv: 0.1).Add(queued: 6).Add(kv: 0.8).Add(kv: 0.81).Build();

        Assert.Equal([2], Keep(view, priority: -1));
    }

    [Fact]
    public void Keep_NotCritical_GoesByQueuesBeforeAffinity()
    {
        // All within. Queues 0, 1, 4: at most 0 + 4/3 = 1: 0 and 1; the adapter is on 1.
        var view = new ViewBuilder().Add(queued: 0, lora: Spare).Add(queued: 1, lora: Loaded).Add(queued: 4, lora: Loaded).Build();

        Assert.Equal([1], Keep(view, priority: -1));
    }

    [Fact]
    public void Keep_NotCriticalWithoutRoom_IsDroppedWithItsReason()
    {
        var view = new ViewBuilder().Add(queued: 6).Add(kv: 0.9).Build();
        var request = new InferenceRequest { Priority = -1 };

        Assert.Empty(Keep(view, request: request));
        Assert.Equal("dropping request due to limited backend resources", request.DrainedReason);
    }

    [Fact]
    public void Keep_CriticalWithoutRoom_IsServed()
    {
        var view = new ViewBuilder().Add(queued: 6).Add(queued: 6, kv: 0.9).Build();

        Assert.Equal([0], Keep(view)); // at most 0 + 0.9/2 = 0.45 of the cache
    }

    [Fact]
    public void Keep_AdapterNowhere_GoesToAFreePlace()
    {
        var view = new ViewBuilder().Add(lora: Full).Add(lora: Spare).Build();

        Assert.Equal([1], Keep(view));
    }

    [Fact]
    public void Keep_NeitherAdapterNorPlace_KeepsAll()
    {
        var view = new ViewBuilder().Add(lora: Full).Add(lora: Full).Build();

        Assert.Equal([0, 1], Keep(view));
    }

    [Fact]
    public void Keep_AdapterAndPlace_GoesToTheAdapterInAThousandLessOne()
    {
        var view = new ViewBuilder().Add(lora: Loaded).Add(lora: Spare).Build();
        var random = new Random(3);
        var spare = 0;
        for (var i = 0; i < 100_000; i++)
        {
            int[] candidates = [0, 1];
            Assert.Equal(1, Tree.Keep(new PickContext(view, new InferenceRequest { TargetModel = "a" }, 0, random), candidates));
            spare += candidates[0];
        }

        // Binomial(100,000, 0.001): mean 100, standard deviation 10; five of them either way.
        Assert.InRange(spare, 50, 150);
    }

    [Fact]
    public void Keep_OtherThresholds_AreTheirs()
    {
        // Affinity threshold 0: always the free place. 1 waiting is within a threshold of 1; 2 is not.
        var tree = Loading.Accept("plugins: [{type: legacy-filter-tree, parameters: {queueThresholdCritical: 1, kvCacheThreshold: 0.5, queuingThresholdLora: 2, loraAffinityThreshold: 0}}]\n").Find<LegacyFilterTree>()!;

        Assert.Equal([1], Keep(new ViewBuilder().Add(lora: Loaded).Add(lora: Spare).Build(), tree: tree));
        Assert.Equal([0], Keep(new ViewBuilder().Add(queued: 1, kv: 0.5).Add(queued: 2).Add(kv: 0.6).Build(), priority: -1, tree: tree));
        Assert.Equal([0], Keep(new ViewBuilder().Add(queued: 1, lora: Full).Add(queued: 2, lora: Spare).Build(), tree: tree));
    }

    [Fact]
    public void Pick_TheExample_ChoosesByChanceAmongWhatIsLeft()
    {
        var scheduler = Loading.Accept($"plugins:\n{LegacyFilterTree.Definition.Example}\n").Scheduler;
        var view = new ViewBuilder().Add().Add(queued: 50).Add().Build();
        var counts = new int[3];
        var random = new Random(5);
        for (var i = 0; i < 4_000; i++)
        {
            Assert.Equal(PickOutcome.Picked, scheduler.Pick(new PickContext(view, new InferenceRequest(), 0, random), [0, 1, 2], new PickScratch(), out var picks));
            counts[picks[0]]++;
        }

        // Binomial(4,000, 1/2): mean 2,000, standard deviation 32; five of them either way.
        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[0], 1_840, 2_160);
    }
}
