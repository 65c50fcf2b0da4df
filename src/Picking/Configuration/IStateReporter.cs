using System.Text.Json.Nodes;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>A plugin that tells operators what it remembers, at <c>/debug/plugins/state</c>.</summary>
public interface IStateReporter
{
    /// <summary>What is remembered by now, as counts rather than all of it: pages are read while requests are decided. Null where this plugin, by its parameters, remembers nothing.</summary>
    /// <remarks>Called from any thread, by several at once. What it throws is told in place of the state.</remarks>
    JsonNode? ReportState();
}
