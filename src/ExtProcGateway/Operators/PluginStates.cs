using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Operators;

/// <summary><c>/debug/plugins/state</c>: what each plugin of the configuration remembers, as JSON of the reference's form.</summary>
/// <remarks>Safe from any thread. Costs a few steps for each model server, most of them to count the bytes of prefix indexes.</remarks>
internal sealed class PluginStates(ActiveConfiguration active, PoolRegistry pools, TimeProvider time)
{
    private const string NoState = "plugin does not support state collection";

    /// <summary>The page as UTF-8.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        var page = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(page);
        var serving = active.Current;
        json.WriteStartObject();
        json.WriteString("timestamp", time.GetUtcNow().UtcDateTime);
        json.WriteStartObject("plugins");
        foreach (var plugin in serving.Picker.Plugins.OrderBy(plugin => plugin.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject(plugin.Name);
            json.WriteString("name", plugin.Name);
            json.WriteString("type", plugin.Definition.Type);
            WriteState(json, serving, plugin);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return page.WrittenMemory;
    }

    private void WriteState(Utf8JsonWriter json, ServingConfiguration serving, PluginInstance plugin)
    {
        string message;
        try
        {
            if (StateOf(serving, plugin) is { } state)
            {
                // As text first, so that a value that can't be written leaves nothing half written.
                var text = state.ToJsonString();
                json.WritePropertyName("state");
                json.WriteRawValue(text);
                return;
            }

            message = NoState;
        }
#pragma warning disable CA1031 // Whatever a plugin throws, the others have states too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            message = $"the state can't be collected: {exception.Message}";
        }

        json.WriteString("message", message);
    }

    /// <summary>What producers find out is remembered for each pool by the gateway, and outlives them; all else by the plugins themselves.</summary>
    private JsonNode? StateOf(ServingConfiguration serving, PluginInstance plugin)
    {
        if (plugin.Plugin is IStateReporter reporter)
        {
            return reporter.ReportState();
        }

        return plugin == serving.PrefixProducer ? ByPool(static memory => StateOf(memory.Prefix))
            : plugin == serving.EventsProducer ? ByPool(static memory => StateOf(memory.Events.Index))
            : plugin.Plugin == serving.Media ? ByPool(static memory => StateOf(memory.Media))
            : plugin.Plugin == serving.Latency ? ByPool(static memory => StateOf(memory.Latency.Figures))
            : null;
    }

    private JsonObject ByPool(Func<PoolMemory, JsonNode> stateOf)
    {
        var byPool = new JsonObject();
        foreach (var pool in pools.Pools)
        {
            byPool[pool.Pool] = stateOf(pool.Memory);
        }

        return new JsonObject { ["pools"] = byPool };
    }

    private static JsonObject StateOf(PrefixIndex index) => new() { ["pairs"] = index.Pairs, ["bytes"] = index.AllocatedBytes() };

    private static JsonObject StateOf(PredictorFigures figures) => new() { ["samples"] = figures.Samples, ["rejected"] = figures.Rejected };
}
