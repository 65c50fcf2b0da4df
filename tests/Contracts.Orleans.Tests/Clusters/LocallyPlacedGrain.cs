using Orleans.Placement;

namespace Orleans.Inference.OrleansContracts.Clusters;

[PreferLocalPlacement]
internal sealed class LocallyPlacedGrain(ILocalSiloDetails silo) : Grain, ILocallyPlacedGrain
{
    public Task<SiloAddress> Where() => Task.FromResult(silo.SiloAddress);

    public Task<SiloAddress> WhereNext(long other) => GrainFactory.GetGrain<ILocallyPlacedGrain>(other).Where();
}
