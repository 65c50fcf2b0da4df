using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Pools;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

/// <summary>A pool whose servers come, go, move, change labels, adapters, caches and load, and whose policies change, at random.</summary>
internal sealed class RandomPool : IMembershipChanges
{
    private readonly Random _random;
    private readonly List<ModelServerSpec> _servers = [];
    private int _next;

    public RandomPool(int seed)
    {
        _random = new Random(seed);
        Table = new PoolTable(Guid.NewGuid()) { Spec = Pool() };
        Table.SetServers([], Now, this);
        Table.TakeFrame(Now);
    }

    public PoolTable Table { get; }

    public long Now { get; private set; } = 1_000_000;

    /// <summary>Kinds of membership change that have happened.</summary>
    public HashSet<MembershipOpKind> Seen { get; } = [];

    public void Change()
    {
        Now += _random.Next(40);
        for (var changes = _random.Next(4); changes >= 0; changes--)
        {
            switch (_random.Next(9))
            {
                case 0 or 1:
                    _servers.Insert(_random.Next(_servers.Count + 1), Server($"s{_next++}", $"10.0.0.{_next % 250}"));
                    break;
                case 2 when _servers.Count > 0:
                    _servers.RemoveAt(_random.Next(_servers.Count));
                    break;
                case 3 when _servers.Count > 0:
                    var i = _random.Next(_servers.Count);
                    _servers[i] = Server(_servers[i].Id[3..^7], _servers[i].Ip, labels: ("version", $"{_random.Next(3)}"));
                    break;
                case 4 when _servers.Count > 0:
                    var moved = _random.Next(_servers.Count);
                    _servers[moved] = _servers[moved] with { Ip = $"10.1.0.{_random.Next(250)}" };
                    break;
                case 5:
                    Table.Policies = new() { Objectives = [new("chat", _random.Next(3))], Rewrites = [Rewrite("r", [], ($"m{_random.Next(3)}", null))] };
                    break;
                default:
                    Report();
                    break;
            }

            Table.SetServers(_servers, Now, this);
        }
    }

    public void OnAdded(int slot, ModelServerSpec server) => Seen.Add(MembershipOpKind.Append);

    public void OnRemoved(int slot, ModelServerSpec server) => Seen.Add(MembershipOpKind.Remove);

    public void OnRelabelled(int slot, ModelServerSpec server) => Seen.Add(MembershipOpKind.Relabel);

    private void Report()
    {
        var slots = Table.Slots.ToArray().Where(_ => _random.Next(2) == 0).ToArray();
        var load = Batch(Table.Epoch, [.. slots.Select(slot => (slot, _random.Next(50)))]);
        var rows = Enumerable.Range(0, slots.Length).Where(_ => _random.Next(3) == 0).ToArray();
        Table.Apply(
            new ReportBatch
            {
                Epoch = load.Epoch,
                Slots = load.Slots,
                Load = load.Load,
                Health = load.Health,
                Lora = [.. rows.Select(row => new LoraChange(row, _random.Next(4) == 0 ? ModelServerLora.None : Lora($"a{_random.Next(3)}", $"b{_random.Next(3)}")))],
                Cache = [.. rows.Select(row => new CacheChange(row, new ModelServerCache(16, _random.Next(3) * 100)))],
            },
            Now);
    }
}
