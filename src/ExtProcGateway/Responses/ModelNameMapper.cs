using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Puts the name by which the client knows the model back into one response, whose body comes in pieces cut anywhere.</summary>
/// <remarks>
/// Works on the bytes: <c>"model":"target"</c>, also with one space behind the colon, becomes <c>"model":"incoming"</c>, wherever it stands. At most a match's length
/// less one byte is held back, and only while the body's last bytes may be the beginning of one; the events of a stream do not end so. The outcome does not depend on where
/// the body is cut. One thread at a time. Allocates only on the first time that bytes are held back.
/// </remarks>
internal sealed class ModelNameMapper(ModelNamePattern pattern)
{
    private byte[] _held = [];

    /// <summary>Bytes that wait for those behind them.</summary>
    public int Held { get; private set; }

    /// <summary>Maps the next piece.</summary>
    /// <param name="piece">The body's next bytes.</param>
    /// <param name="last">Nothing follows, so nothing is held back.</param>
    /// <param name="output">Gets what takes the piece's place, perhaps nothing yet; untouched where the answer is false.</param>
    /// <returns>False where the piece stays as it is, and can be passed on without a copy.</returns>
    public bool Map(ReadOnlySpan<byte> piece, bool last, IBufferWriter<byte> output)
    {
        if (Held > 0)
        {
            MapWithHeld(piece, last, output);
            return true;
        }

        var at = pattern.Find(piece, last, out var nameAt, out var length);
        if (at == piece.Length)
        {
            return false;
        }

        Write(piece, at, nameAt, length, last, output);
        return true;
    }

    /// <summary>The body has ended without a last piece, as trailers end it: writes what was held back.</summary>
    public void Flush(IBufferWriter<byte> output)
    {
        if (Held > 0)
        {
            MapWithHeld([], last: true, output);
        }
    }

    private void MapWithHeld(ReadOnlySpan<byte> piece, bool last, IBufferWriter<byte> output)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Held + piece.Length);
        _held.AsSpan(0, Held).CopyTo(rented);
        piece.CopyTo(rented.AsSpan(Held));
        var joined = rented.AsSpan(0, Held + piece.Length);
        var at = pattern.Find(joined, last, out var nameAt, out var length);
        Write(joined, at, nameAt, length, last, output);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Writes bytes of which the first match, or else the beginning of one, is known.</summary>
    private void Write(ReadOnlySpan<byte> bytes, int at, int nameAt, int length, bool last, IBufferWriter<byte> output)
    {
        while (length > 0)
        {
            output.Write(bytes[..nameAt]);
            output.Write(pattern.Incoming);
            bytes = bytes[(at + length)..];
            at = pattern.Find(bytes, last, out nameAt, out length);
        }

        output.Write(bytes[..at]);
        Hold(bytes[at..]);
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_held.Length == 0 && !bytes.IsEmpty)
        {
            _held = new byte[pattern.Longest];
        }

        bytes.CopyTo(_held);
        Held = bytes.Length;
    }
}
