namespace Orleans.Inference.OrleansContracts.References;

public interface IReferenceGrain : IGrainWithStringKey
{
    Task<IReferenceGrain> Self();

    Task<string> KeyOf(IReferenceGrain other);

    /// <summary>Calls the grain it is given.</summary>
    Task<string> AskItsKey(IReferenceGrain other);

    Task<string> OwnKey();

    Task<GrainId> OwnId();
}
