using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class ServerUseOrderTests
{
    private static int[] Order(ServerUseOrder order)
    {
        var servers = new int[order.Size];
        return servers[..order.CopyTo(servers)];
    }

    [Fact]
    public void Use_AnyHistory_EqualsAListOfLastUses()
    {
        var random = new Random(5);
        foreach (var size in new[] { 1, 2, 7, 100 })
        {
            var order = new ServerUseOrder(size);
            var naive = new List<int>();
            Assert.Empty(Order(order));
            for (var i = 0; i < 500; i++)
            {
                var server = random.Next(1 + (i % 90));
                order.Use(server);
                naive.Remove(server);
                naive.Add(server);
                naive.RemoveRange(0, Math.Max(0, naive.Count - size));
                Assert.Equal(naive, Order(order));
            }
        }
    }

    [Fact]
    public void Of_TheSameSize_IsTheSameOrder()
    {
        var order = new ServerUseOrder(3);

        Assert.Same(order, ServerUseOrder.Of(order, 3));
    }

    [Theory]
    [InlineData(2, new[] { 5, 2 })]
    [InlineData(9, new[] { 7, 5, 2 })]
    public void Of_AnotherSize_CopiesTheNewest(int size, int[] expected)
    {
        var order = new ServerUseOrder(3);
        foreach (var server in (int[])[2, 7, 5, 2])
        {
            order.Use(server);
        }

        Assert.Equal(expected, Order(ServerUseOrder.Of(order, size)));
    }
}
