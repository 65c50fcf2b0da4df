namespace Orleans.Inference.OrleansContracts.Clusters;

public interface ILocallyPlacedGrain : IPlacedGrain
{
    /// <summary>Where a grain is that this one calls first.</summary>
    Task<SiloAddress> WhereNext(long other);
}
