using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>The token usage that messages of vLLM's gRPC service tell, field by field.</summary>
/// <remarks>
/// A mutable struct. <c>GenerateResponse</c> holds either a <c>GenerateStreamChunk</c> or the <c>GenerateComplete</c> behind which nothing of its choice follows. vLLM counts in
/// <c>completion_tokens</c> of a chunk the tokens of that chunk alone, and in those of the end of a stream the last chunk's again; other servers of the protocol count all tokens so far. A chunk that counts more tokens than
/// it brings is of the latter kind.
/// </remarks>
internal struct VllmUsage
{
    /// <summary>Field of the ids in both parts.</summary>
    private const int Ids = 1;

    private ProtoPieceReader _fields;
    private Part _part;
    private bool _malformed;

    /// <summary>What this message says.</summary>
    private uint _prompt;
    private uint _completion;
    private uint _cached;
    private bool _hasCached;
    private long _ids;

    /// <summary>Generated tokens by all chunks and by the end.</summary>
    private long _byChunks;
    private long _byEnd;

    /// <summary>The parts of <c>GenerateResponse</c>, by their fields in it.</summary>
    private enum Part : byte
    {
        None,
        Chunk,
        Complete,
    }

    /// <summary>Takes the next of a <c>GenerateResponse</c>.</summary>
    /// <param name="field">Field of the message to which it belongs.</param>
    public void Read(ProtoPiece piece, int field, ReadOnlySpan<byte> content)
    {
        if (field is not ((int)Part.Chunk or (int)Part.Complete))
        {
            return;
        }

        switch (piece)
        {
            case ProtoPiece.Begin:
                // Of two parts the last counts; the same part twice is one.
                if (_part != (Part)field)
                {
                    (_prompt, _completion, _cached, _ids) = (0, 0, 0, 0);
                    _part = (Part)field;
                }

                _hasCached = true;
                _fields = default;
                break;
            case ProtoPiece.Content:
                ReadPart(content);
                break;
            case ProtoPiece.End:
                _malformed |= !_fields.IsWhole;
                break;
        }
    }

    /// <summary>The message says the tokens of its prompt, and no others.</summary>
    public void SetPrompt(ulong tokens) => _prompt = (uint)tokens;

    /// <summary>What the message that has ended says; the next begins.</summary>
    /// <param name="valid">It could be read so far.</param>
    public bool TryTake(bool valid, out TokenUsage usage)
    {
        var says = valid && !_malformed && (_prompt > 0 || _completion > 0);
        var completion = says ? Completed() : 0;
        usage = new TokenUsage(_prompt, completion, _prompt + completion, _hasCached ? _cached : null);
        this = new VllmUsage { _byChunks = _byChunks, _byEnd = _byEnd };
        return says;
    }

    private void ReadPart(ReadOnlySpan<byte> bytes)
    {
        while (_fields.Read(ref bytes, out var content) is var found and not ProtoPiece.None)
        {
            if (found == ProtoPiece.Varint)
            {
                Set(_fields.Field, _fields.Value);
            }
            else if (found == ProtoPiece.Content && _fields.Field == Ids && _part == Part.Chunk)
            {
                CountIds(content);
            }
        }
    }

    private void Set(int field, ulong value)
    {
        // In a chunk the figures stand one field before those of the end, which has a text there.
        switch (_part == Part.Chunk ? field + 1 : field)
        {
            case Ids + 1 when _part == Part.Chunk:
                _ids++;
                break;
            case 3:
                _prompt = (uint)value;
                break;
            case 4:
                _completion = (uint)value;
                break;
            case 5:
                _cached = (uint)value;
                break;
        }
    }

    /// <summary>Ids that are written without tags between them: each ends with a byte below 0x80.</summary>
    private void CountIds(ReadOnlySpan<byte> packed)
    {
        foreach (var unit in packed)
        {
            _ids += unit < 0x80 ? 1 : 0;
        }
    }

    private long Completed()
    {
        if (_part == Part.Chunk)
        {
            _byChunks = _completion > _ids ? Math.Max(_byChunks, _completion) : _byChunks + _completion;
        }
        else
        {
            _byEnd = Math.Max(_byEnd, _completion);
        }

        return Math.Max(_byChunks, _byEnd);
    }
}
