using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Grains.Pools;

/// <summary>Is told how a pool's servers change.</summary>
internal interface IMembershipChanges
{
    void OnAdded(int slot, ModelServerSpec server);

    void OnRemoved(int slot, ModelServerSpec server);

    /// <summary>The same process with other labels.</summary>
    void OnRelabelled(int slot, ModelServerSpec server);
}
