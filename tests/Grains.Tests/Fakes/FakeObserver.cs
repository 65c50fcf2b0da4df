using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Grains.Tests.Fakes;

/// <summary>A gateway that keeps the frames it gets.</summary>
public sealed class FakeObserver : IPoolObserver
{
    public List<PoolFrame> Frames { get; } = [];

    /// <summary>What <see cref="OnFrame"/> gives.</summary>
    public Func<Task> Answer { get; set; } = () => Task.CompletedTask;

    public Task OnFrame(PoolFrame frame)
    {
        Frames.Add(frame);
        return Answer();
    }
}
