using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>What a service does with one call; made for each call by an <see cref="IGrpcService"/>.</summary>
/// <remarks>
/// Calls come one at a time, in order, in the turn of the call's connection: a handler needs no lock, and must not block. After
/// <see cref="GrpcServerCall.Complete"/> or <see cref="OnAborted"/> nothing more comes.
/// </remarks>
internal interface IGrpcCallHandler
{
    /// <summary>Whether the call counts among the open calls (<see cref="OpenCalls"/>), which a limit and the drain go by; false for calls that only watch.</summary>
    bool Counts => true;

    /// <summary>One whole request message, decompressed. The bytes are valid only until the method returns.</summary>
    void OnMessage(in ReadOnlySequence<byte> message);

    /// <summary>The client will send nothing more (half-close).</summary>
    void OnRequestsEnded();

    /// <summary>The call is over from outside: reset by the client, deadline, connection lost. Nothing can be written any more.</summary>
    void OnAborted(GrpcAbort reason);
}
