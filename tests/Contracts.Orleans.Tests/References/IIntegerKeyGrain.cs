namespace Orleans.Inference.OrleansContracts.References;

public interface IIntegerKeyGrain : IGrainWithIntegerKey
{
    Task<long> OwnKey();
}
