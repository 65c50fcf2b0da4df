using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Grains.Pools;

namespace Orleans.Inference.Grains.Tests.Fakes;

internal static class TestData
{
    public static GrainsMetrics Metrics() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public static PoolSpec Pool(string name = "p", string picker = "epp", string ns = "ns") =>
        new() { Namespace = ns, Name = name, TargetPorts = [8000], EndpointPicker = new EndpointPickerRef(picker, 9002) };

    public static ModelServerSpec Server(string name, string ip = "10.0.0.1", int port = 8000, params (string Name, string Value)[] labels) => new()
    {
        Id = $"ns/{name}-rank-0",
        Ip = ip,
        Port = port,
        Labels = labels.ToFrozenDictionary(label => label.Name, label => label.Value),
    };

    public static RewriteRuleSpec Rewrite(string name, string[] models, params (string Model, int? Weight)[] targets) =>
        new() { Name = name, Models = [.. models], Targets = [.. targets.Select(target => new RewriteTargetSpec(target.Model, target.Weight))] };

    public static ModelServerLora Lora(params string[] active) => new() { Active = active, Waiting = [], MaxActive = 4 };

    /// <summary>A batch of good samples, 5 ms old: slot and queue length.</summary>
    public static ReportBatch Batch(Guid epoch, params (int Slot, int Queued)[] rows) => new()
    {
        Epoch = epoch,
        Slots = [.. rows.Select(row => row.Slot)],
        Load = new LoadFrame
        {
            Queued = [.. rows.Select(row => row.Queued)],
            Running = [.. rows.Select(row => row.Queued + 1)],
            KvUsage = [.. rows.Select(row => row.Queued / 100.0)],
            AgeMs = [.. rows.Select(_ => 5)],
        },
        Health = [.. rows.Select(_ => ModelServerHealth.Healthy)],
    };

    public static PoolTable Table(params ModelServerSpec[] servers)
    {
        var table = new PoolTable(Guid.NewGuid()) { Spec = Pool() };
        table.SetServers(servers, 0, new NoChanges());
        return table;
    }

    internal sealed class NoChanges : IMembershipChanges
    {
        public void OnAdded(int slot, ModelServerSpec server)
        {
        }

        public void OnRemoved(int slot, ModelServerSpec server)
        {
        }

        public void OnRelabelled(int slot, ModelServerSpec server)
        {
        }
    }
}
