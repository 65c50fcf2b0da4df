namespace Orleans.Inference.OrleansContracts.Clusters;

public interface IRandomlyPlacedGrain : IPlacedGrain;
