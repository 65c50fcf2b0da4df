using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Grains.Tests.Fakes;

/// <summary>Notes what it is told.</summary>
public sealed class FakeModelServerGrain
{
    public List<ModelServerAssignment> Watched { get; } = [];

    public List<(Guid Epoch, int Slot)> Unwatched { get; } = [];

    /// <summary>What <see cref="Watch"/> gives.</summary>
    public Func<Task> OnWatch { get; set; } = () => Task.CompletedTask;

    /// <summary>What <see cref="Unwatch"/> gives.</summary>
    public Func<Task> OnUnwatch { get; set; } = () => Task.CompletedTask;

    public Task Watch(ModelServerAssignment assignment)
    {
        Watched.Add(assignment);
        return OnWatch();
    }

    public Task Unwatch(Guid epoch, int slot)
    {
        Unwatched.Add((epoch, slot));
        return OnUnwatch();
    }
}
