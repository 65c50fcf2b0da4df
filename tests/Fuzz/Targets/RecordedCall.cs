using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>A call without a connection, whose answers are recorded.</summary>
internal sealed class RecordedCall(StreamRecord record) : GrpcServerCall
{
    private readonly Queue<Action> _posted = new();
    private byte[]? _reserved;

    public bool IsOver { get; private set; }

    public override string Path => "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    public override string Authority => "epp.default:9002";

    public override int LocalPort => 9002;

    public override long PendingBytes => 0;

    public override Span<byte> ReserveMessage(int length)
    {
        record.Demand(!IsOver, "an answer behind the end of the call");
        record.Demand(_reserved is null, "a message is reserved while another is open");
        return _reserved = new byte[length];
    }

    public override void CommitMessage()
    {
        record.Demand(_reserved is not null, "a message is committed that was not reserved");
        record.Answered(_reserved!);
        _reserved = null;
    }

    public override void Complete(GrpcStatusCode status, string? message = null)
    {
        record.Demand(!IsOver, "the call is completed twice");
        IsOver = true;
        record.Ended(status);
    }

    public override void Post<TState>(Action<TState> action, TState state)
    {
        lock (_posted)
        {
            _posted.Enqueue(() => action(state));
        }
    }

    /// <summary>The peer has gone.</summary>
    public void Abort() => IsOver = true;

    /// <summary>Runs what was posted, as the turn does, while the call is not over.</summary>
    public void RunPosted()
    {
        while (Take() is { } action)
        {
            if (!IsOver)
            {
                action();
            }
        }
    }

    private Action? Take()
    {
        lock (_posted)
        {
            return _posted.TryDequeue(out var action) ? action : null;
        }
    }
}
