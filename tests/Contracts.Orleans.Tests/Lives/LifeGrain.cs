using Orleans.Placement;

namespace Orleans.Inference.OrleansContracts.Lives;

[RandomPlacement]
internal sealed class LifeGrain(ILocalSiloDetails silo) : Grain, ILifeGrain, IDisposable
{
    private readonly Guid _activation = Guid.NewGuid();
    private bool _isAtGate;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        LifeLog.Add(this.GetPrimaryKeyString(), "activated");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        LifeLog.Add(this.GetPrimaryKeyString(), $"deactivated: {reason.ReasonCode}");
    }

    public void Dispose() => LifeLog.Add(this.GetPrimaryKeyString(), "disposed");

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task EndAndWaitAtGate()
    {
        DeactivateOnIdle();
        return WaitAtGate();
    }

    public async Task WaitAtGate()
    {
        _isAtGate = true;
        LifeLog.Add(this.GetPrimaryKeyString(), "at the gate");
        await LifeGates.Of(this.GetPrimaryKeyString());
        _isAtGate = false;
        LifeLog.Add(this.GetPrimaryKeyString(), "left the gate");
    }

    public Task<bool> IsAtGate() => Task.FromResult(_isAtGate);

    public Task DelayEnd(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task<SiloAddress> Where() => Task.FromResult(silo.SiloAddress);
}
