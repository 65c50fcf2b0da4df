namespace Orleans.Inference.Grains.Contracts;

/// <summary>Follows which pools there are.</summary>
[Alias("Orleans.Inference.IPoolDirectoryObserver")]
public interface IPoolDirectoryObserver : IGrainObserver
{
    /// <summary>The pools have changed.</summary>
    [Alias("OnPools")]
    Task OnPools(PoolDirectory pools);
}
