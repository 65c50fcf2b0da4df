namespace Orleans.Inference.Grains.Contracts;

/// <summary>A gateway's end of a subscription to a pool.</summary>
[Alias("Orleans.Inference.IPoolObserver")]
public interface IPoolObserver : IGrainObserver
{
    /// <summary>
    /// Takes one frame. Its completion tells the pool that the gateway keeps up: to one that doesn't, frames are left out until it does.
    /// </summary>
    [Alias("OnFrame")]
    Task OnFrame(PoolFrame frame);
}
