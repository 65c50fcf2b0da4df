namespace Orleans.Inference.OrleansContracts.Clusters;

public interface IHashPlacedGrain : IPlacedGrain;
