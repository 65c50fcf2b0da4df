using System.Buffers;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Reads the token usage of one response from its body's bytes as they pass, in pieces cut anywhere.</summary>
/// <remarks>
/// A mutable struct, for a field of its call; one thread at a time. Nothing is copied, held back or allocated but an object for a response of gRPC messages, whatever the sizes;
/// malformed input carries no usage and never throws. The outcome does not depend on where the body is cut.
/// </remarks>
/// <param name="events">The body is a stream of events; of gRPC messages it makes no difference.</param>
internal struct UsageReader(ResponseFormat format, bool events)
{
    private readonly GrpcUsageReader? _messages = format.IsGrpc() ? new GrpcUsageReader(format) : null;
    private TextUsageReader _text = new(format, events);

    /// <summary>The body is one object, which comes when everything is generated.</summary>
    public readonly bool IsWhole => !events && _messages is null;

    /// <summary>What the response has said so far; all zero where it said nothing.</summary>
    public readonly TokenUsage Usage => _text.Usage;

    /// <summary>The response has said something.</summary>
    public readonly bool HasUsage => _text.HasUsage;

    /// <summary>Events of a stream so far, without the one that says that it is done.</summary>
    public readonly long StreamedEvents => _text.StreamedEvents;

    /// <summary>Goes on with the body's next bytes.</summary>
    public void Read(in ReadOnlySequence<byte> piece)
    {
        foreach (var segment in piece)
        {
            Read(segment.Span);
        }
    }

    /// <summary>Goes on with the body's next bytes.</summary>
    public void Read(ReadOnlySpan<byte> piece)
    {
        if (_messages is null)
        {
            _text.Read(piece);
        }
        else
        {
            _messages.Read(piece, ref _text);
        }
    }

    /// <summary>The body has ended, whole or not. May be called again.</summary>
    public void End()
    {
        // A message that has not ended says nothing.
        _messages?.Drop(ref _text);
        _text.End();
    }
}
