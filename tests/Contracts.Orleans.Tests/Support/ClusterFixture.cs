using Orleans.TestingHost;

namespace Orleans.Inference.OrleansContracts.Support;

/// <summary>One cluster of two silos for tests that leave it whole.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public IGrainFactory Grains => _cluster.GrainFactory;

    public TestCluster Cluster => _cluster;

    public async Task InitializeAsync()
    {
        var builder = new TestClusterBuilder(2);
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();
}
