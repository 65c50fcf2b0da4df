namespace Orleans.Inference.Simulator.ExtProc;

/// <summary>A connection on which one text is sent in place of another of the same length.</summary>
/// <remarks>
/// .NET's HTTP client sends no <c>:authority</c> that is not a valid host, but Envoy does (<c>outbound|9002||epp.ns.svc.cluster.local</c>). So the
/// client is given a stand-in for it that nothing else contains, and this puts the real one in its place. That works because the client writes header
/// values without Huffman coding, never into HPACK's dynamic table, and a block of headers at once.
/// </remarks>
internal sealed class AuthorityStream(Stream inner, byte[] from, byte[] to) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        return inner.WriteAsync(Replace(buffer), cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(Replace(buffer.AsMemory(offset, count)).Span);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> buffer)
    {
        var index = buffer.Span.IndexOf(from);
        if (index < 0)
        {
            return buffer;
        }

        var copy = buffer.ToArray();
        for (; index >= 0; index = copy.AsSpan().IndexOf(from))
        {
            to.CopyTo(copy, index);
        }

        return copy;
    }
}
