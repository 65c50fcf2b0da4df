using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Finds the token usage in one JSON object that comes in pieces, cut anywhere.</summary>
/// <remarks>
/// Keeps where it is in the grammar, not the bytes: no buffer, no limit on sizes, no allocation, and never an exception. Only the objects on the way to the usage are
/// looked into; all else is skipped with a vectorised search for brackets and quotes, so a body of embeddings costs little. Members there are checked no
/// further than that brackets and quotes match. An object that does not end, or behind which there is more, has no usage.
/// A key that is written with escapes is not recognised.
/// </remarks>
internal struct UsageScanner
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> LiteralEnds = SearchValues.Create(",}] \t\r\n"u8);

    /// <summary>More tokens than this are no count of tokens.</summary>
    private const double Largest = 1L << 53;

    private ResponseFormat _format;
    private State _state;
    private UsageField _field;
    private UsageEventType _type;
    private bool _escaped;
    private int _skippedDepth;

    /// <summary>The nodes that are open, four bits each, the innermost lowest.</summary>
    private uint _open;

    private Text _text;
    private int _textLength;
    private UsageFigures _usage;
    private UsageFigures _wrapped;

    /// <summary>The object has ended, or is none: nothing can be added to it.</summary>
    public readonly bool HasEnded => _state is State.Done or State.Broken;

    /// <summary>Starts on the next object.</summary>
    public void Start(ResponseFormat format)
    {
        this = default;
        _format = format;
    }

    /// <summary>The usage of an event of a stream; false where it carries none, or the event is not whole.</summary>
    public readonly bool TryGetEvent(out TokenUsage usage)
    {
        usage = default;
        if (_state != State.Done)
        {
            return false;
        }

        switch (_format)
        {
            case ResponseFormat.Anthropic when _type == UsageEventType.MessageStart && _wrapped.Seen:
                usage = new TokenUsage(_wrapped.Prompt, 0, 0, _wrapped.Cached); // its output_tokens is a placeholder
                return true;
            case ResponseFormat.Anthropic when _type == UsageEventType.MessageDelta && _usage.Seen:
                usage = new TokenUsage(0, _usage.Completion, 0, null);
                return true;
            case ResponseFormat.OpenAi when _usage.Seen:
            case ResponseFormat.SgLang when _usage.Finished:
                usage = _usage.ToUsage();
                return true;
            case ResponseFormat.OpenAi when _wrapped.Seen && _type == UsageEventType.ResponseEnded:
                usage = _wrapped.ToUsage();
                return true;
            default:
                return false;
        }
    }

    /// <summary>The usage of a whole response; false where it carries none, or is not whole.</summary>
    public readonly bool TryGetWhole(out TokenUsage usage)
    {
        usage = _usage.ToUsage();
        return _state == State.Done && _usage.Seen;
    }

    /// <summary>Goes on with the next bytes.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var used = _state switch
            {
                State.Key or State.TextValue => ReadString(bytes),
                State.SkippedString or State.SubtreeString => SkipString(bytes),
                State.Literal => ReadLiteral(bytes),
                State.Subtree => SkipSubtree(bytes),
                State.Broken => bytes.Length,
                _ => ReadMark(bytes[0]),
            };
            bytes = bytes[used..];
        }
    }

    /// <summary>A byte between keys and values.</summary>
    private int ReadMark(byte mark)
    {
        if (mark is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            return 1;
        }

        switch (_state)
        {
            case State.Start:
                Enter(mark == '{' ? UsageNode.Root : UsageNode.None);
                return 1;
            case State.Member when mark == '"':
                _state = State.Key;
                _textLength = 0;
                return 1;
            case State.Member when mark == '}':
                _open >>= 4;
                _state = _open == 0 ? State.Done : State.Member;
                return 1;
            case State.Member:
                _state = mark == ',' ? State.Member : State.Broken;
                return 1;
            case State.Colon:
                _state = mark == ':' ? State.Value : State.Broken;
                return 1;
            case State.Value:
                return ReadValueStart(mark);
            default:
                _state = State.Broken; // more behind the end
                return 1;
        }
    }

    private int ReadValueStart(byte mark)
    {
        _textLength = 0;
        switch (mark)
        {
            case (byte)'"':
                _state = _field == UsageField.None ? State.SkippedString : State.TextValue;
                return 1;
            case (byte)'{' when UsageKeys.Enter(Node, _field) is not UsageNode.None and var node:
                Enter(node);
                return 1;
            case (byte)'{' or (byte)'[':
                _usage.Finished |= _field == UsageField.FinishReason;
                _skippedDepth = 1;
                _state = State.Subtree;
                return 1;
            case (byte)',' or (byte)'}' or (byte)']' or (byte)':':
                _state = State.Broken;
                return 1;
            default:
                _state = State.Literal;
                return 0;
        }
    }

    private readonly UsageNode Node => (UsageNode)(_open & 15);

    private void Enter(UsageNode node)
    {
        if (node == UsageNode.None)
        {
            _state = State.Broken;
            return;
        }

        _open = _open << 4 | (uint)node;
        _state = State.Member;
        if (node == UsageNode.Usage)
        {
            _usage = new UsageFigures { Seen = true };
        }
        else if (node == UsageNode.WrappedUsage)
        {
            _wrapped = new UsageFigures { Seen = true };
        }
    }

    /// <summary>A key, or a value that is wanted.</summary>
    private int ReadString(ReadOnlySpan<byte> bytes)
    {
        var length = FindStringEnd(bytes, out var ended);
        Keep(bytes[..length]);
        if (!ended)
        {
            return length;
        }

        var text = TakeText();
        if (_state == State.Key)
        {
            _field = UsageKeys.Find(_format, Node, text);
            _state = State.Colon;
        }
        else
        {
            Assign(text, isString: true);
            _state = State.Member;
        }

        return length + 1;
    }

    private int SkipString(ReadOnlySpan<byte> bytes)
    {
        var length = FindStringEnd(bytes, out var ended);
        if (ended)
        {
            _state = _state == State.SubtreeString ? State.Subtree : State.Member;
            length++;
        }

        return length;
    }

    /// <summary>How many of the bytes belong to the string, without its closing quote.</summary>
    private int FindStringEnd(ReadOnlySpan<byte> bytes, out bool ended)
    {
        ended = false;
        var at = 0;
        if (_escaped)
        {
            _escaped = false;
            at = 1;
        }

        while (at < bytes.Length)
        {
            var next = bytes[at..].IndexOfAny(StringEnds);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (bytes[at] == '"')
            {
                ended = true;
                return at;
            }

            at += 2;
        }

        _escaped |= at > bytes.Length;
        return bytes.Length;
    }

    private int ReadLiteral(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.IndexOfAny(LiteralEnds);
        Keep(length < 0 ? bytes : bytes[..length]);
        if (length < 0)
        {
            return bytes.Length;
        }

        Assign(TakeText(), isString: false);
        _state = State.Member;
        return length;
    }

    private int SkipSubtree(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAny(Structure);
        if (at < 0)
        {
            return bytes.Length;
        }

        switch (bytes[at])
        {
            case (byte)'"':
                _state = State.SubtreeString;
                break;
            case (byte)'{' or (byte)'[':
                _skippedDepth++;
                break;
            default:
                _skippedDepth--;
                _state = _skippedDepth == 0 ? State.Member : State.Subtree;
                break;
        }

        return at + 1;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_textLength + bytes.Length <= UsageKeys.LongestText)
        {
            bytes.CopyTo(((Span<byte>)_text)[_textLength..]);
        }

        // Longer than all that is known here, and never so long that it wraps.
        _textLength = Math.Min(_textLength + bytes.Length, UsageKeys.LongestText + 1);
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> TakeText() => _textLength > UsageKeys.LongestText ? default : ((ReadOnlySpan<byte>)_text)[.._textLength];

    private void Assign(ReadOnlySpan<byte> text, bool isString)
    {
        switch (_field)
        {
            case UsageField.None or UsageField.Wrapper or UsageField.Usage or UsageField.Details:
                break;
            case UsageField.Type when Node == UsageNode.Root:
                _type = isString ? TypeOf(text) : UsageEventType.None;
                break;
            case UsageField.FinishReason:
                _usage.Finished |= isString || !text.SequenceEqual("null"u8);
                break;
            case var field when isString || !text.SequenceEqual("null"u8):
                Assign(field, ToCount(text));
                break;
        }
    }

    private void Assign(UsageField field, long value)
    {
        if (Node is UsageNode.WrappedUsage or UsageNode.WrappedDetails)
        {
            _wrapped.Set(field, value);
        }
        else
        {
            _usage.Set(field, value);
        }
    }

    private static UsageEventType TypeOf(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("response.completed"u8) || text.SequenceEqual("response.incomplete"u8) => UsageEventType.ResponseEnded,
        _ when text.SequenceEqual("message_start"u8) => UsageEventType.MessageStart,
        _ when text.SequenceEqual("message_delta"u8) => UsageEventType.MessageDelta,
        _ => UsageEventType.None,
    };

    /// <summary>A number, or a string that holds one, cut to a whole; 0 for all that is no count.</summary>
    private static long ToCount(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length && value is >= 0 and <= Largest ? (long)value : 0;

    private enum State : byte
    {
        Start,
        Member,
        Key,
        Colon,
        Value,
        TextValue,
        SkippedString,
        Literal,
        Subtree,
        SubtreeString,
        Done,
        Broken,
    }

    [InlineArray(UsageKeys.LongestText)]
    private struct Text
    {
        private byte _first;
    }
}
