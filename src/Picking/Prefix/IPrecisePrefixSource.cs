using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>A plugin that finds out what servers hold from their own events, by its parameters: the gateway follows the events where a configuration has one.</summary>
public interface IPrecisePrefixSource : IDataProducer
{
    /// <summary>Where the events come from.</summary>
    KvEventOptions Events { get; }
}
