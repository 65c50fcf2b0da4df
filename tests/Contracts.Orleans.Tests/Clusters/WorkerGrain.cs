using Orleans.Concurrency;
using Orleans.Inference.OrleansContracts.Lives;

namespace Orleans.Inference.OrleansContracts.Clusters;

[StatelessWorker(3)]
internal sealed class WorkerGrain(ILocalSiloDetails silo) : Grain, IWorkerGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task<Guid> WaitAtGate(string gate)
    {
        LifeLog.Add(gate, _activation.ToString());
        await LifeGates.Of(gate);
        return _activation;
    }

    public Task<SiloAddress> Where() => Task.FromResult(silo.SiloAddress);
}
