namespace Orleans.Inference.OrleansContracts.Lives;

internal sealed class StubbornGrain : Grain, IStubbornGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        LifeLog.Add(this.GetPrimaryKeyString(), "tried");
        return LifeLog.Of(this.GetPrimaryKeyString()).Length < 3
            ? throw new InvalidDataException("not yet")
            : Task.CompletedTask;
    }

    public Task<int> Attempts() => Task.FromResult(LifeLog.Of(this.GetPrimaryKeyString()).Length);
}
