using System.Collections.Immutable;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>Where discovery brings what it found.</summary>
internal interface IMembershipSink
{
    /// <summary>Takes all pools that are served now, replacing what was told before. Returns at once; from any thread.</summary>
    void Publish(ImmutableArray<PoolMembership> pools);
}
