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
}
