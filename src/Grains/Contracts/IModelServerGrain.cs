namespace Orleans.Inference.Grains.Contracts;

/// <summary>One model server: scrapes its figures, apart from the grain's turns, and reports them to its pool by way of its silo's batches.</summary>
/// <remarks>Key: see <see cref="GrainKeys.OfModelServer"/>.</remarks>
[Alias("Orleans.Inference.IModelServerGrain")]
public interface IModelServerGrain : IGrainWithStringKey
{
    /// <summary>Starts to watch the server, or goes on with a new slot, epoch or address. The same order again changes nothing.</summary>
    [Alias("Watch"), ResponseTimeout("00:00:05")]
    Task Watch(ModelServerAssignment assignment);

    /// <summary>Stops watching and deactivates, if the server is watched by that very order; else it changes nothing.</summary>
    [Alias("Unwatch"), ResponseTimeout("00:00:05")]
    Task Unwatch(Guid epoch, int slot);

    /// <summary>What it knows, for operators.</summary>
    [Alias("GetState")]
    Task<ModelServerState> GetState();
}
