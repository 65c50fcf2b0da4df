using BenchmarkDotNet.Attributes;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Micro.View;

/// <summary>A gateway's view from what its pool grain's call has delivered (deserialised): the frame of a tick, a server that comes and leaves, a whole snapshot.</summary>
[MemoryDiagnoser]
public class FrameBenchmark
{
    private const long Now = 1_000_000;

    private PoolSnapshot _snapshot = null!;
    private PoolViewBuilder _view = null!;
    private LoadFrame _load = null!;
    private LoadFrame _oneMore = null!;
    private long _sequence;

    [Params(100, 10_000)]
    public int Servers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _load = PoolFrames.Load(Servers);
        _oneMore = PoolFrames.Load(Servers + 1);
        _snapshot = PoolFrames.Snapshot(Servers);
        _view = New();
    }

    /// <summary>The load of all servers, as on every tick.</summary>
    [Benchmark]
    public object Frame() => Apply(_load);

    /// <summary>Two frames.</summary>
    [Benchmark]
    public object ServerComesAndLeaves()
    {
        Apply(_oneMore, new MembershipOp(MembershipOpKind.Append, 0, PoolFrames.Server(Servers)));
        return Apply(_load, new MembershipOp(MembershipOpKind.Remove, Servers, null));
    }

    /// <summary>For a gateway that knows nothing.</summary>
    [Benchmark]
    public object Snapshot() => New();

    private PoolViewBuilder New()
    {
        var view = new PoolViewBuilder("default/pool", new PoolMemory());
        view.Apply(_snapshot, Now);
        return view;
    }

    private PoolView Apply(LoadFrame load, params MembershipOp[] membership) =>
        _view.Apply(PoolFrames.Frame(load, ++_sequence, _view.Version, membership), Now) == FrameOutcome.Applied
            ? _view.View!
            : throw new InvalidOperationException("A frame was not applied.");
}
