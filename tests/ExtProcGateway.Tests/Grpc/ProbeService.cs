using System.Buffers;
using System.Collections.Concurrent;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Tests.Grpc;

/// <summary>A service whose methods do what tests need; keeps account of how its calls ended.</summary>
internal sealed class ProbeService : IGrpcService
{
    /// <summary>Answers each message with itself, and ends with OK when the requests end.</summary>
    public const string Echo = "/test.Probe/Echo";

    /// <summary>Takes all and answers nothing until the requests end; then as many bytes as it has got.</summary>
    public const string Count = "/test.Probe/Count";

    /// <summary>Answers the first message, a number, with that many bytes in one message, and goes on living.</summary>
    public const string Give = "/test.Probe/Give";

    /// <summary>Ends with NotFound at the first message.</summary>
    public const string Refuse = "/test.Probe/Refuse";

    public const string Throw = "/test.Probe/Throw";

    private int _live;

    /// <summary>Calls begun and not ended.</summary>
    public int Live => Volatile.Read(ref _live);

    public ConcurrentQueue<ProbeCall> Calls { get; } = new();

    public IGrpcCallHandler? Begin(GrpcServerCall call)
    {
        if (call.Path is not (Echo or Count or Give or Refuse or Throw))
        {
            return null;
        }

        Interlocked.Increment(ref _live);
        var probe = new ProbeCall(this, call);
        Calls.Enqueue(probe);
        return probe;
    }

    public void OnEnded() => Interlocked.Decrement(ref _live);

    /// <summary>The call that was begun as number <paramref name="index"/>, once it is there.</summary>
    public Task<ProbeCall> CallAsync(int index) => Eventually.GetAsync(() => Calls.ElementAtOrDefault(index));
}
