using System.Globalization;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>With <c>--pool-name</c> there is nothing to tell apart.</summary>
public sealed class OnePoolTests(OnePoolPicker picker) : IClassFixture<OnePoolPicker>
{
    [Theory]
    [InlineData(null)]
    [InlineData("epp.ns")]
    [InlineData("epp-other.ns.svc.cluster.local:9002")]
    [InlineData("whatever")]
    [InlineData("outbound|9002||epp.ns.svc.cluster.local")]
    public async Task Authority_OfAnyKind_IsServedByThePool(string? authority)
    {
        foreach (var port in new[] { picker.Picker.GrpcPort, picker.OwnPort })
        {
            using var client = new ExtProcClient(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), authority);

            Assert.Equal(picker.Server, (await client.PickAsync(Exchanges.Prompt("m"))).Destination);
        }
    }
}
