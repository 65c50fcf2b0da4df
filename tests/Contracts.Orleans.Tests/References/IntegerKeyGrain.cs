namespace Orleans.Inference.OrleansContracts.References;

internal sealed class IntegerKeyGrain : Grain, IIntegerKeyGrain
{
    public Task<long> OwnKey() => Task.FromResult(this.GetPrimaryKeyLong());
}
