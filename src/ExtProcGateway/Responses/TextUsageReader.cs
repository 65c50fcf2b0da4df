using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Reads the token usage out of text, one JSON object or a stream of events, from its bytes as they pass, in pieces cut anywhere.</summary>
/// <remarks>
/// A mutable struct, for a field; one thread at a time. Nothing is copied, held back or allocated, whatever the sizes; malformed input carries no usage and never
/// throws. The outcome does not depend on where the text is cut: where it says its usage several times, what is said later counts. An event of a stream that lies in one piece
/// and has no <c>"usage"</c> costs two vectorised searches (bench/Micro, ResponseBenchmark); the others are scanned by <see cref="UsageScanner"/>.
/// </remarks>
/// <param name="events">The text is a stream of events.</param>
internal struct TextUsageReader(ResponseFormat format, bool events)
{
    private UsageScanner _scanner;
    private TokenUsage _usage;
    private LineHead _head;

    /// <summary>Length of the line that the pieces so far have begun and not ended; for a JSON body 1 once there are bytes.</summary>
    private long _lineLength;

    private bool _scanning;

    /// <summary>What the text has said so far; all zero where it said nothing.</summary>
    public readonly TokenUsage Usage => _usage;

    /// <summary>The text has said something.</summary>
    public bool HasUsage { readonly get; private set; }

    /// <summary>Events of a stream so far, without the one that says that it is done.</summary>
    public long StreamedEvents { get; private set; }

    /// <summary>Goes on with the text's next bytes.</summary>
    public void Read(ReadOnlySpan<byte> piece)
    {
        if (format == ResponseFormat.Raw || piece.IsEmpty)
        {
            return;
        }

        if (events)
        {
            ReadLines(piece);
        }
        else
        {
            if (_lineLength == 0)
            {
                _scanner.Start(format);
                _lineLength = 1;
            }

            _scanner.Read(piece);
        }
    }

    /// <summary>The text has ended, whole or not. May be called again.</summary>
    public void End()
    {
        if (_lineLength == 0)
        {
            return;
        }

        if (events)
        {
            EndLine();
        }
        else if (_scanner.TryGetWhole(out var usage))
        {
            Merge(usage);
        }

        _lineLength = 0;
    }

    /// <summary>A message has ended that carried a part of the text: an object that is whole with it is taken, and the next message begins another; one that is not goes on in the next.</summary>
    /// <param name="valid">The message could be read; without that the object it belongs to is dropped. Lines of events are of a stream in any case.</param>
    public void EndMessage(bool valid)
    {
        if (events || _lineLength == 0 || (valid && !_scanner.HasEnded))
        {
            return;
        }

        if (valid && _scanner.TryGetWhole(out var usage))
        {
            Merge(usage);
        }

        _lineLength = 0;
    }

    /// <summary>Takes what was said beside the text.</summary>
    public void Merge(in TokenUsage usage)
    {
        _usage = _usage.Merge(usage);
        HasUsage = true;
    }

    private void ReadLines(ReadOnlySpan<byte> piece)
    {
        if (_lineLength > 0)
        {
            var end = piece.IndexOf((byte)'\n');
            ContinueLine(end < 0 ? piece : piece[..end]);
            if (end < 0)
            {
                return;
            }

            EndLine();
            piece = piece[(end + 1)..];
        }

        while (!piece.IsEmpty)
        {
            var end = piece.IndexOf((byte)'\n');
            if (end < 0)
            {
                ContinueLine(piece);
                return;
            }

            if (SseLine.TryGetData(piece[..end], out var data))
            {
                ReadData(data);
            }

            piece = piece[(end + 1)..];
        }
    }

    /// <summary>A line that lies in one piece.</summary>
    private void ReadData(ReadOnlySpan<byte> data)
    {
        if (SseLine.IsDone(data))
        {
            return;
        }

        StreamedEvents++;
        if (SseLine.MayHaveUsage(data, format))
        {
            _scanner.Start(format);
            _scanner.Read(data);
            TakeEvent();
        }
    }

    /// <summary>A part of a line: its first bytes are kept to tell what it is, the rest goes to the scanner.</summary>
    private void ContinueLine(ReadOnlySpan<byte> part)
    {
        if (_lineLength < LineHead.Size)
        {
            var kept = part[..(int)Math.Min(LineHead.Size - _lineLength, part.Length)];
            kept.CopyTo(((Span<byte>)_head)[(int)_lineLength..]);
            var before = _lineLength;
            _lineLength += kept.Length;
            part = part[kept.Length..];
            if (_lineLength >= SseLine.Field.Length && before < SseLine.Field.Length)
            {
                _scanning = SseLine.IsData(Head);
                _scanner.Start(format);
                before = SseLine.Field.Length;
            }

            if (_scanning && before >= SseLine.Field.Length)
            {
                _scanner.Read(Head[(int)before..]);
            }
        }

        if (_scanning)
        {
            _scanner.Read(part);
        }

        _lineLength += part.Length;
    }

    private void EndLine()
    {
        if (_scanning && !(_lineLength <= LineHead.Size && SseLine.IsDone(Head[SseLine.Field.Length..])))
        {
            StreamedEvents++;
            TakeEvent();
        }

        _lineLength = 0;
        _scanning = false;
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Head => ((ReadOnlySpan<byte>)_head)[..(int)Math.Min(_lineLength, LineHead.Size)];

    private void TakeEvent()
    {
        if (_scanner.TryGetEvent(out var usage))
        {
            Merge(usage);
        }
    }

    /// <summary>A line's first bytes: enough to tell <c>data: [DONE]</c>.</summary>
    [InlineArray(Size)]
    private struct LineHead
    {
        public const int Size = 16;

        private byte _first;
    }
}
