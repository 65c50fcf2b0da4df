using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Contracts;
using Orleans.Serialization;

namespace Orleans.Inference.Micro.View;

/// <summary>A gateway's view from the bytes of a tick's frame, as they come from another process. Needs Orleans' own serializer, which the stand-in doesn't have.</summary>
[MemoryDiagnoser]
public class FrameBytesBenchmark
{
    private Serializer<PoolFrame> _serializer = null!;
    private byte[] _bytes = [];
    private PoolViewBuilder _view = null!;
    private long _sequence;

    [Params(100, 10_000)]
    public int Servers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<PoolFrame>>();
        _bytes = _serializer.SerializeToArray(PoolFrames.Frame(PoolFrames.Load(Servers), sequence: 1, fromVersion: 1));
        _view = new PoolViewBuilder("default/pool", new PoolMemory());
        _view.Apply(PoolFrames.Snapshot(Servers), now: 1_000_000);
        Console.WriteLine($"// {_bytes.Length} bytes");
    }

    /// <summary>Reading alone.</summary>
    [Benchmark]
    public object Deserialise() => _serializer.Deserialize(_bytes)!;

    /// <summary>Both; a frame counts once, so the same load goes into the next.</summary>
    [Benchmark]
    public object DeserialiseAndApply()
    {
        var read = _serializer.Deserialize(_bytes)!;
        return _view.Apply(PoolFrames.Frame(read.Load, ++_sequence, _view.Version), now: 1_000_000) == FrameOutcome.Applied
            ? _view.View!
            : throw new InvalidOperationException("The frame was not applied.");
    }
}
