using Orleans.Placement;

namespace Orleans.Inference.OrleansContracts.Clusters;

[RandomPlacement]
internal sealed class RandomlyPlacedGrain(ILocalSiloDetails silo) : Grain, IRandomlyPlacedGrain
{
    public Task<SiloAddress> Where() => Task.FromResult(silo.SiloAddress);
}
