using Orleans.Placement;

namespace Orleans.Inference.OrleansContracts.Clusters;

[HashBasedPlacement]
internal sealed class HashPlacedGrain(ILocalSiloDetails silo) : Grain, IHashPlacedGrain
{
    public Task<SiloAddress> Where() => Task.FromResult(silo.SiloAddress);
}
