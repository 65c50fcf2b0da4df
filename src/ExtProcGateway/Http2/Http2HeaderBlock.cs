using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>The header block that is coming in, from HEADERS to the last CONTINUATION.</summary>
internal sealed class Http2HeaderBlock
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>The stream whose block is not complete; 0 when none is.</summary>
    public int StreamId { get; private set; }

    /// <summary>END_STREAM of the HEADERS frame.</summary>
    public bool EndStream { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public int Length => _length;

    public void Begin(int streamId, bool endStream)
    {
        StreamId = streamId;
        EndStream = endStream;
        _length = 0;
    }

    public void Append(in ReadOnlySequence<byte> fragment)
    {
        var length = (int)fragment.Length;
        if (_bytes.Length - _length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + length, 2 * _bytes.Length));
        }

        fragment.CopyTo(_bytes.AsSpan(_length));
        _length += length;
    }

    public void End()
    {
        StreamId = 0;
        if (_bytes.Length > 4 * Http2ConnectionLimits.MaxFrameSize)
        {
            _bytes = [];
        }
    }
}
