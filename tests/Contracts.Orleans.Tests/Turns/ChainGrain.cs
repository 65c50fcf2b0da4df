namespace Orleans.Inference.OrleansContracts.Turns;

internal sealed class ChainGrain : Grain, IChainGrain
{
    public async Task<int> CallThrough(string other, bool allowReentrancy)
    {
        var chain = GrainFactory.GetGrain<IChainGrain>(other);
        if (!allowReentrancy)
        {
            return await chain.CallBack(this.GetPrimaryKeyString());
        }

        using var section = RequestContext.AllowCallChainReentrancy();
        return await chain.CallBack(this.GetPrimaryKeyString());
    }

    public async Task<int> CallBack(string other) => await GrainFactory.GetGrain<IChainGrain>(other).Answer();

    public Task<int> Answer() => Task.FromResult(42);
}
