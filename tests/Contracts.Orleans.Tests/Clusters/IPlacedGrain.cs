namespace Orleans.Inference.OrleansContracts.Clusters;

public interface IPlacedGrain : IGrainWithIntegerKey
{
    Task<SiloAddress> Where();
}
