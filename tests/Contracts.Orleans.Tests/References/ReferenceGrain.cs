namespace Orleans.Inference.OrleansContracts.References;

internal sealed class ReferenceGrain : Grain, IReferenceGrain
{
    public Task<IReferenceGrain> Self() => Task.FromResult(this.AsReference<IReferenceGrain>());

    public Task<string> KeyOf(IReferenceGrain other) => Task.FromResult(other.GetPrimaryKeyString());

    public Task<string> AskItsKey(IReferenceGrain other) => other.OwnKey();

    public Task<string> OwnKey() => Task.FromResult(this.GetPrimaryKeyString());

    public Task<GrainId> OwnId() => Task.FromResult(this.GetGrainId());
}
