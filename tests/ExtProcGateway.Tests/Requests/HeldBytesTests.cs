using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

public sealed class HeldBytesTests
{
    [Fact]
    public void TryHold_UpToTheBound_AndNoFurther()
    {
        var held = new HeldBytes(new GatewayOptions { MaxHeldBytes = 100 });

        Assert.True(held.TryHold(60));
        Assert.False(held.TryHold(41));
        Assert.True(held.TryHold(40));
        Assert.False(held.TryHold(1));
        Assert.False(held.IsExceeded);
        Assert.Equal(100, held.Count);

        held.Hold(1);
        Assert.True(held.IsExceeded);
        held.Release(61);
        Assert.Equal(40, held.Count);
        Assert.True(held.TryHold(60));
    }

    [Fact]
    public void TryHold_WithoutABound_HoldsAnything()
    {
        var held = new HeldBytes(new GatewayOptions { MaxHeldBytes = 0 });
        for (var i = 0; i < 10; i++)
        {
            Assert.True(held.TryHold(int.MaxValue));
        }

        Assert.Equal(10L * int.MaxValue, held.Count);
        Assert.False(held.IsExceeded);
    }

    [Fact]
    public void Default_IsAQuarterOfTheMemory()
    {
        Assert.InRange(new GatewayOptions().MaxHeldBytes, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
    }

    [Fact]
    public async Task TryHold_FromManyThreads_StaysWithinTheBoundAndLosesNothing()
    {
        const int Limit = 10_000;
        var held = new HeldBytes(new GatewayOptions { MaxHeldBytes = Limit });
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            var mine = new Stack<int>();
            for (var i = 0; i < 50_000; i++)
            {
                var size = random.Next(1, 1000);
                if (mine.Count > 0 && random.Next(5) < 2)
                {
                    held.Release(mine.Pop());
                }
                else if (held.TryHold(size))
                {
                    mine.Push(size);
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }

                Assert.InRange(held.Count, mine.Sum(), Limit);
            }

            foreach (var size in mine)
            {
                held.Release(size);
            }
        })));

        Assert.Equal(0, held.Count);
        Assert.True(refused > 0);
    }
}
