namespace Orleans.Inference.OrleansContracts.References;

internal sealed class GuidKeyGrain : Grain, IGuidKeyGrain
{
    public Task<Guid> OwnKey() => Task.FromResult(this.GetPrimaryKey());
}
