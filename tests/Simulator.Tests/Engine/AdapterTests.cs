using static Orleans.Inference.Simulator.Tests.Engine.EngineBench;

namespace Orleans.Inference.Simulator.Tests.Engine;

public sealed class AdapterTests
{
    [Fact]
    public void Submit_AdapterWithoutASlot_WaitsForItsLoading()
    {
        var bench = new EngineBench();

        var request = bench.Submit(0, Tokens(1, 10), outputTokens: 1, adapter: "a");
        Assert.Equal(["a"], bench.Engine.WaitingAdapters);
        bench.Advance(50);
        Assert.Equal(["a"], bench.Engine.RunningAdapters);
        Assert.Empty(bench.Engine.WaitingAdapters);
        bench.Advance(1_000);

        // Loaded at 50 ms, prompt of 10 ms.
        Assert.Equal([60], bench.TokenTimes(request));
    }

    [Fact]
    public void Submit_AdapterThatIsLoaded_RunsAtOnce()
    {
        var bench = new EngineBench();
        bench.Submit(0, Tokens(1, 10), outputTokens: 1, adapter: "a");
        bench.Advance(100);

        var request = bench.Submit(100, Tokens(50, 10), outputTokens: 1, adapter: "a");
        bench.Advance(1_000);

        Assert.Equal([110], bench.TokenTimes(request));
    }

    [Fact]
    public void Submit_AllSlotsAreInUse_WaitsForTheEndOfTheirSequences()
    {
        var bench = new EngineBench();
        bench.Submit(0, Tokens(1, 10), outputTokens: 4, adapter: "a");
        var other = bench.Submit(0, Tokens(50, 10), outputTokens: 1, adapter: "b");
        bench.Advance(89);
        Assert.Equal(["a"], bench.Engine.RunningAdapters);
        Assert.Equal(["b"], bench.Engine.WaitingAdapters);
        bench.Advance(1_000);

        // a: loaded at 50, prompt until 60, three more tokens until 90. b: loaded at 140, prompt until 150.
        Assert.Equal([150], bench.TokenTimes(other));
    }

    [Fact]
    public void Submit_BaseModelBehindAWaitingAdapter_GoesFirst()
    {
        var bench = new EngineBench();
        var adapted = bench.Submit(0, Tokens(1, 10), outputTokens: 1, adapter: "a");
        var plain = bench.Submit(0, Tokens(50, 10), outputTokens: 1);
        bench.Advance(1_000);

        Assert.Equal([10], bench.TokenTimes(plain));
        Assert.Equal([60], bench.TokenTimes(adapted));
    }

    [Fact]
    public void Submit_AdapterFurtherBack_DoesNotTakeTheSlotThatOneInFrontWaitsFor()
    {
        var bench = new EngineBench();
        var first = bench.Submit(0, Tokens(1, 10), outputTokens: 1, adapter: "a");
        var second = bench.Submit(1, Tokens(50, 10), outputTokens: 1, adapter: "b");
        bench.Advance(1_000);

        // a: 50 + 10. b begins to load at 60: 110 + 10.
        Assert.Equal([60], bench.TokenTimes(first));
        Assert.Equal([120], bench.TokenTimes(second));
    }

    [Fact]
    public void Submit_SlotsAreFull_TheAdapterUnusedForLongestGoes()
    {
        var bench = new EngineBench(o => o with { AdapterSlots = 2 });
        bench.Submit(0, Tokens(1, 10), outputTokens: 1, adapter: "a");
        bench.Advance(100);
        bench.Submit(100, Tokens(1, 10), outputTokens: 1, adapter: "b");
        bench.Advance(200);
        bench.Submit(200, Tokens(30, 10), outputTokens: 1, adapter: "a");
        bench.Advance(300);

        // Takes b's place.
        bench.Submit(300, Tokens(1, 10), outputTokens: 1, adapter: "c");
        bench.Advance(400);
        var a = bench.Submit(400, Tokens(60, 10), outputTokens: 1, adapter: "a");
        bench.Advance(500);
        var b = bench.Submit(500, Tokens(60, 10), outputTokens: 1, adapter: "b");
        bench.Advance(600);

        Assert.Equal([410], bench.TokenTimes(a));
        Assert.Equal([560], bench.TokenTimes(b));
    }

    [Fact]
    public void Cancel_WhileItsAdapterLoads_TheNextOneGetsTheSlot()
    {
        var bench = new EngineBench();
        var first = bench.Submit(0, Tokens(1, 10), outputTokens: 1, adapter: "a");
        bench.Cancel(first, 10);
        var second = bench.Submit(20, Tokens(1, 10), outputTokens: 1, adapter: "b");
        bench.Advance(1_000);

        Assert.Equal([80], bench.TokenTimes(second));
    }
}
