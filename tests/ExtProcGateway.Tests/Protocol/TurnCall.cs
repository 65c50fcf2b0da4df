using System.Collections.Concurrent;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Protocol;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>A call whose turn is the test's: what is posted to it waits for <see cref="RunPosted"/>. Answers are not kept.</summary>
internal sealed class TurnCall : GrpcServerCall
{
    private readonly ConcurrentQueue<Action> _posted = new();

    public bool IsOver { get; private set; }

    public override string Path => WellKnown.ProcessPath;

    public override string Authority => "epp.default:9002";

    public override int LocalPort => 9002;

    public override long PendingBytes => 0;

    public override Span<byte> ReserveMessage(int length) => new byte[length];

    public override void CommitMessage() => Assert.False(IsOver);

    public override void Complete(GrpcStatusCode status, string? message = null)
    {
        Assert.False(IsOver);
        IsOver = true;
    }

    public override void Post<TState>(Action<TState> action, TState state) => _posted.Enqueue(() => action(state));

    /// <summary>The peer has gone.</summary>
    public void Abort(IGrpcCallHandler handler)
    {
        handler.OnAborted(GrpcAbort.ResetByClient);
        IsOver = true;
    }

    public void RunPosted()
    {
        while (_posted.TryDequeue(out var action))
        {
            if (!IsOver)
            {
                action();
            }
        }
    }
}
