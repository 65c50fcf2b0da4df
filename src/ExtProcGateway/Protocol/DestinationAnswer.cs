using System.Buffers;
using Orleans.Inference.ExtProcGateway.Decisions;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>What the answer with the destination carries.</summary>
internal readonly ref struct DestinationAnswer
{
    /// <summary>Where the request goes.</summary>
    public required Decision Decision { get; init; }

    /// <summary>The id to give the request; empty where it has one.</summary>
    public ReadOnlySpan<byte> NewRequestId { get; init; }

    /// <summary>The <c>traceparent</c> to give the request; empty leaves its own.</summary>
    public ReadOnlySpan<byte> TraceParent { get; init; }

    /// <summary>Length of the body that goes on; 0 sets no header.</summary>
    public long ContentLength { get; init; }

    /// <summary>The request's <c>HeaderMap</c>, to be repeated; empty repeats none.</summary>
    public ReadOnlySpan<byte> Echo { get; init; }

    /// <summary>The body that goes on, in answer to a whole body (BUFFERED).</summary>
    public ReadOnlySequence<byte> Body { get; init; }
}
