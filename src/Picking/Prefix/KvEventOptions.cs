namespace Orleans.Inference.Picking.Prefix;

/// <summary>Where model servers publish what is in their caches.</summary>
/// <param name="Topic">Begin of the topics to take: <c>kvEventsConfig.topicFilter</c>.</param>
/// <param name="Port">Port of a server's first rank: <c>podDiscoveryConfig.socketPort</c>.</param>
/// <param name="ReplayPort">Port where the first rank tells again what was missed: <c>podDiscoveryConfig.replaySocketPort</c>; 0 for none.</param>
public sealed record KvEventOptions(string Topic, int Port, int ReplayPort);
