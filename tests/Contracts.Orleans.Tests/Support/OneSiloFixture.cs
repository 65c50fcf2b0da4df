using Orleans.TestingHost;

namespace Orleans.Inference.OrleansContracts.Support;

/// <summary>A cluster of one silo, for what holds within a silo.</summary>
public sealed class OneSiloFixture : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public IGrainFactory Grains => _cluster.GrainFactory;

    /// <summary>The factory of the silo itself: calls through it don't leave the silo.</summary>
    public IGrainFactory SiloGrains =>
        (IGrainFactory)_cluster.GetSiloServiceProvider().GetService(typeof(IGrainFactory))!;

    public async Task InitializeAsync()
    {
        _cluster = new TestClusterBuilder(1).Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();
}
