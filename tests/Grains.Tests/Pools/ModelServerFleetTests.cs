using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Grains.Pools;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;
using static Orleans.Inference.Grains.Tests.Fakes.TestData;

namespace Orleans.Inference.Grains.Tests.Pools;

public sealed class ModelServerFleetTests
{
    private readonly Dictionary<string, FakeModelServerGrain> _grains = [];
    private readonly ManualTimeProvider _time = new();
    private readonly PoolTable _table = new(Guid.NewGuid()) { Spec = Pool() };
    private readonly ModelServerFleet _fleet;

    public ModelServerFleetTests()
    {
        _fleet = new ModelServerFleet("ns/p", _table.Epoch, FakeGrains.Of((_, key) => GrainOf(key)), new GrainsOptions(), _time, NullLogger.Instance);
    }

    [Fact]
    public void OnAdded_ManyServersOneDead_StartsAllOthers()
    {
        Grain("s0").OnWatch = () => new TaskCompletionSource().Task;

        Set([.. Enumerable.Range(0, 200).Select(i => Server($"s{i}"))]);

        Assert.All(Enumerable.Range(0, 200), i => Assert.Single(Grain($"s{i}").Watched));
        Assert.Equal(Enumerable.Range(0, 200), _table.Slots.ToArray());
        Assert.Equal(7, Grain("s7").Watched[0].Slot);
    }

    [Fact]
    public void OnAdded_MoreThanMayBeUnderWay_StartsTheRestAsCallsEnd()
    {
        var gate = new TaskCompletionSource();
        for (var i = 0; i < 100; i++)
        {
            Grain($"s{i}").OnWatch = () => gate.Task;
        }

        Set([.. Enumerable.Range(0, 100).Select(i => Server($"s{i}"))]);
        var underWay = _grains.Values.Count(grain => grain.Watched.Count == 1);
        gate.SetResult();

        Assert.Equal(64, underWay);
        Assert.All(_grains.Values, grain => Assert.Single(grain.Watched));
    }

    [Fact]
    public void Check_SilentServer_GetsItsOrderAgain()
    {
        Set(Server("a"), Server("b"));
        _table.Apply(Batch(_table.Epoch, (0, 1), (1, 1)), Now);

        _time.Advance(TimeSpan.FromSeconds(0.8));
        _table.Apply(Batch(_table.Epoch, (0, 1)), Now);
        _time.Advance(TimeSpan.FromSeconds(0.4));
        _fleet.Check(_table);
        _fleet.Check(_table);

        Assert.Single(Grain("a").Watched);
        Assert.Equal(2, Grain("b").Watched.Count);
        Assert.Equal(Grain("b").Watched[0], Grain("b").Watched[1]);
    }

    [Fact]
    public void Check_OrderFailed_TriesAgainAfterAPause()
    {
        Grain("a").OnWatch = () => Task.FromException(new TimeoutException());
        Set(Server("a"));

        _time.Advance(TimeSpan.FromSeconds(5));
        _fleet.Check(_table);
        _fleet.Check(_table);
        var soon = Grain("a").Watched.Count;
        Grain("a").OnWatch = () => Task.CompletedTask;
        _time.Advance(TimeSpan.FromSeconds(0.6));
        _fleet.Check(_table);

        Assert.Equal(2, soon);
        Assert.Equal(3, Grain("a").Watched.Count);
    }

    [Fact]
    public void OnRemoved_UnwatchesThatVeryOrder()
    {
        Set(Server("a"), Server("b"));

        Set(Server("b"));

        Assert.Equal([(_table.Epoch, 0)], Grain("a").Unwatched);
        Assert.Empty(Grain("b").Unwatched);
    }

    [Fact]
    public void OnRemoved_WhileItsOrderIsUnderWay_IsNotOrderedAgain()
    {
        var gate = new TaskCompletionSource();
        Grain("a").OnWatch = () => gate.Task;
        Set(Server("a"));
        _table.SetServers([Server("a", labels: ("x", "y"))], Now, _fleet);

        Set();
        gate.SetResult();

        Assert.Single(Grain("a").Watched);
    }

    [Fact]
    public void Clear_UnwatchesAll()
    {
        Set(Server("a"), Server("b"));
        Grain("a").OnUnwatch = () => Task.FromException(new TimeoutException());

        _fleet.Clear();

        Assert.All(_grains.Values, grain => Assert.Single(grain.Unwatched));
    }

    private long Now => _time.GetMilliseconds();

    private void Set(params ModelServerSpec[] servers) => _table.SetServers(servers, Now, _fleet);

    private FakeModelServerGrain Grain(string name) => GrainOf(GrainKeys.OfModelServer("ns/p", $"ns/{name}-rank-0"));

    private FakeModelServerGrain GrainOf(string key)
    {
        if (!_grains.TryGetValue(key, out var grain))
        {
            _grains.Add(key, grain = new FakeModelServerGrain());
        }

        return grain;
    }
}
