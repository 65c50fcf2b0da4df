namespace Orleans.Runtime;

internal sealed class ManagementGrain(Silo silo) : Grain, IManagementGrain
{
    private Cluster Cluster => silo.Cluster;

    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) => Task.FromResult(
        Cluster.Statuses.Where(s => !onlyActive || s.Value == SiloStatus.Active).ToDictionary(s => s.Key, s => s.Value));

    public Task ForceActivationCollection(TimeSpan ageLimit)
    {
        foreach (var member in Cluster.ActiveSilos)
        {
            member.CollectIdle(ageLimit);
        }

        return Task.CompletedTask;
    }

    public Task<int> GetGrainActivationCount(GrainReference grainReference) =>
        Task.FromResult(All().Count(a => a.GrainId == grainReference.GrainId));

    public Task<int> GetTotalActivationCount() => Task.FromResult(All().Count());

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() => Task.FromResult<SimpleGrainStatistic[]>(
    [
        .. All().GroupBy(a => (Type: a.Class.Type.FullName!, a.Silo.SiloAddress)).Select(g => new SimpleGrainStatistic
        {
            GrainType = g.Key.Type,
            SiloAddress = g.Key.SiloAddress,
            ActivationCount = g.Count(),
        }),
    ]);

    public ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference) =>
        new(Cluster.Find(reference.GetGrainId())?.Silo.SiloAddress);

    public ValueTask<List<GrainId>> GetActiveGrains(GrainType type) =>
        new(All().Where(a => a.GrainId.Type == type).Select(a => a.GrainId).Distinct().ToList());

    private IEnumerable<Activation> All() => Cluster.ActiveSilos.SelectMany(s => s.Activations);
}
