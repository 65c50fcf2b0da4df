namespace Orleans.Inference.OrleansContracts.Lives;

public interface IKeptLifeGrain : IGrainWithStringKey
{
    Task<Guid> Activation();
}
