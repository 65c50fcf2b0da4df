using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Tests.Grpc;

/// <summary>One call of <see cref="ProbeService"/>.</summary>
internal sealed class ProbeCall(ProbeService service, GrpcServerCall call) : IGrpcCallHandler
{
    private readonly TaskCompletionSource<GrpcAbort?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ends;

    public GrpcServerCall Call => call;

    public ConcurrentQueue<byte[]> Messages { get; } = new();

    /// <summary>Null when the handler completed the call, else the reason of its abort.</summary>
    public Task<GrpcAbort?> End => _end.Task.WaitAsync(Http2.RawClient.Patience);

    public int Ends => Volatile.Read(ref _ends);

    public long Received { get; private set; }

    public void OnMessage(in ReadOnlySequence<byte> message)
    {
        Assert.Equal(0, Ends);
        Received += message.Length;
        switch (call.Path)
        {
            case ProbeService.Echo:
                Messages.Enqueue(message.ToArray());
                message.CopyTo(call.ReserveMessage((int)message.Length));
                call.CommitMessage();
                break;
            case ProbeService.Give:
                Give(int.Parse(Encoding.ASCII.GetString(message.ToArray()), CultureInfo.InvariantCulture));
                break;
            case ProbeService.Refuse:
                Complete(GrpcStatusCode.NotFound, "no such thing: 100 % ä\n");
                break;
            case ProbeService.Throw:
                throw new InvalidOperationException("on purpose");
        }
    }

    public void OnRequestsEnded()
    {
        Assert.Equal(0, Ends);
        if (call.Path == ProbeService.Count)
        {
            Give((int)Received);
        }

        Complete(GrpcStatusCode.Ok, null);
    }

    public void OnAborted(GrpcAbort reason) => Ended(reason);

    public void Complete(GrpcStatusCode status, string? message)
    {
        call.Complete(status, message);
        Ended(null);
    }

    public void Give(int count)
    {
        var span = call.ReserveMessage(count);
        for (var i = 0; i < count; i++)
        {
            span[i] = (byte)i;
        }

        call.CommitMessage();
    }

    private void Ended(GrpcAbort? reason)
    {
        Interlocked.Increment(ref _ends);
        service.OnEnded();
        _end.TrySetResult(reason);
    }
}
