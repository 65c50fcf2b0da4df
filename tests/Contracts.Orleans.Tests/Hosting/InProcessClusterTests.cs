using Orleans.Inference.OrleansContracts.References;
using Orleans.Inference.OrleansContracts.Support;
using Orleans.TestingHost;

namespace Orleans.Inference.OrleansContracts.Hosting;

public sealed class InProcessClusterTests
{
    [Fact]
    public async Task Deploy_TwoSilos_ConfiguredAndCalled()
    {
        var configured = 0;
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, _) => Interlocked.Increment(ref configured));
        await using var cluster = builder.Build();
        await cluster.DeployAsync().Within();

        Assert.Equal("e", await cluster.Client.GetGrain<IReferenceGrain>("e").OwnKey().Within());
        Assert.Equal(2, cluster.Silos.Count);
        Assert.Equal(2, configured);
    }
}
