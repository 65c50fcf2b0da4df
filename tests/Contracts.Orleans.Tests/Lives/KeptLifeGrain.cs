namespace Orleans.Inference.OrleansContracts.Lives;

[KeepAlive]
internal sealed class KeptLifeGrain : Grain, IKeptLifeGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);
}
