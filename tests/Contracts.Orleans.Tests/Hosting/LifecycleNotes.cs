using System.Collections.Concurrent;

namespace Orleans.Inference.OrleansContracts.Hosting;

/// <summary>Notes the stages of a silo's life as they come.</summary>
internal sealed class LifecycleNotes : ILifecycleParticipant<ISiloLifecycle>
{
    public ConcurrentQueue<string> Noted { get; } = new();

    public void Participate(ISiloLifecycle lifecycle)
    {
        foreach (var stage in new[] { ServiceLifecycleStage.Active, ServiceLifecycleStage.ApplicationServices })
        {
            lifecycle.Subscribe(nameof(LifecycleNotes), stage, _ => Note($"start {stage}"), _ => Note($"stop {stage}"));
        }
    }

    private Task Note(string what)
    {
        Noted.Enqueue(what);
        return Task.CompletedTask;
    }
}
