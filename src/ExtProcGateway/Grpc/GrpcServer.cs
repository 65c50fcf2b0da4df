using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>What all calls of a port share.</summary>
/// <param name="maxReceiveMessageSize">Largest request message, in bytes, decompressed.</param>
/// <param name="maxSendMessageSize">Largest answer, in bytes.</param>
/// <param name="calls">Counts the calls; null where nobody asks.</param>
/// <param name="held">Counts what connections hold, messages that are not complete and answers that are not read; null where nobody asks.</param>
internal sealed partial class GrpcServer(
    IGrpcService service, int maxReceiveMessageSize, int maxSendMessageSize, TimeProvider time, ILogger logger, OpenCalls? calls = null, HeldBytes? held = null)
{
    public IGrpcService Service => service;

    public int MaxReceiveMessageSize => maxReceiveMessageSize;

    public int MaxSendMessageSize => maxSendMessageSize;

    public OpenCalls Calls { get; } = calls ?? new OpenCalls();

    /// <summary>Told of each change of what a connection holds.</summary>
    public Action<long>? HeldChanged { get; } = held is null ? null : held.Hold;

    public TimeProvider Time => time;

    [LoggerMessage(EventId = 3110, Level = LogLevel.Error, Message = "The handler of {Path} failed")]
    public partial void LogHandlerFailed(string path, Exception exception);
}
