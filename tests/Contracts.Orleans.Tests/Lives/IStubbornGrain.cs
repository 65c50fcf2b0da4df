namespace Orleans.Inference.OrleansContracts.Lives;

/// <summary>A grain whose first activations fail.</summary>
public interface IStubbornGrain : IGrainWithStringKey
{
    Task<int> Attempts();
}
