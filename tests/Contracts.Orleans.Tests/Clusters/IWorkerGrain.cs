namespace Orleans.Inference.OrleansContracts.Clusters;

public interface IWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>Waits until the test lets all calls go; answers the activation that ran it.</summary>
    Task<Guid> WaitAtGate(string gate);

    Task<SiloAddress> Where();
}
