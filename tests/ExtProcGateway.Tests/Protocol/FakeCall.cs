using System.Buffers;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Protocol;

using ProcessingRequest = Envoy.Service.ExtProc.V3.ProcessingRequest;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>A call without a connection: what the handler writes is read with the generated messages.</summary>
internal sealed class FakeCall : GrpcServerCall
{
    private readonly TaskCompletionSource<Action> _posted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _reserved = [];

    public List<ProcessingResponse> Answers { get; } = [];

    public GrpcStatusCode? Status { get; private set; }

    public string? StatusMessage { get; private set; }

    public override string Path => WellKnown.ProcessPath;

    public override string Authority => "epp.default:9002";

    public override int LocalPort => 9002;

    public override long PendingBytes => 0;

    public override Span<byte> ReserveMessage(int length) => _reserved = new byte[length];

    public override void CommitMessage()
    {
        Assert.Null(Status);
        Answers.Add(ProcessingResponse.Parser.ParseFrom(_reserved));
    }

    public override void Complete(GrpcStatusCode status, string? message = null)
    {
        Assert.Null(Status);
        Status = status;
        StatusMessage = message;
    }

    public override void Post<TState>(Action<TState> action, TState state) => _posted.SetResult(() => action(state));

    /// <summary>Runs the work that was posted already.</summary>
    public void RunPosted()
    {
        Assert.True(_posted.Task.IsCompletedSuccessfully, "nothing was posted");
        _posted.Task.Result();
    }

    /// <summary>Waits for the work that was posted from another thread and runs it.</summary>
    public async Task RunPostedAsync() => (await _posted.Task.WaitAsync(TimeSpan.FromSeconds(30)))();

    /// <summary>Sends a message in one piece, or in pieces of <paramref name="pieceSize"/> bytes.</summary>
    public static void Send(IGrpcCallHandler handler, ProcessingRequest message, int pieceSize = int.MaxValue)
    {
        var bytes = message.ToByteArray();
        handler.OnMessage(pieceSize >= bytes.Length ? new ReadOnlySequence<byte>(bytes) : Split(bytes, pieceSize));
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes, int size)
    {
        var first = new Segment(bytes.AsMemory(0, Math.Min(size, bytes.Length)), 0);
        var last = first;
        for (var at = size; at < bytes.Length; at += size)
        {
            last = last.Append(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
