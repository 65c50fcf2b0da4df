using Orleans.Concurrency;

namespace Orleans.Inference.OrleansContracts.Lives;

public interface ILifeGrain : IGrainWithStringKey
{
    /// <summary>A number of this activation alone.</summary>
    Task<Guid> Activation();

    Task End();

    /// <summary>Ends it and stays in the call until its gate opens.</summary>
    Task EndAndWaitAtGate();

    Task WaitAtGate();

    [AlwaysInterleave]
    Task<bool> IsAtGate();

    Task DelayEnd(TimeSpan time);

    Task<SiloAddress> Where();
}
