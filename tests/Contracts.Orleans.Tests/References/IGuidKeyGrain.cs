namespace Orleans.Inference.OrleansContracts.References;

public interface IGuidKeyGrain : IGrainWithGuidKey
{
    Task<Guid> OwnKey();
}
