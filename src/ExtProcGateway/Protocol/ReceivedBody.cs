using System.Buffers;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>A request's body as far as it came, and how it ended.</summary>
/// <remarks>A mutable struct, for a field of its request. In the turn of the call's connection; while a large body is parsed outside it, nothing changes here but <see cref="TrailersCame"/>.</remarks>
internal struct ReceivedBody(HeldBytes budget)
{
    private readonly BodyBuffer _buffer = new(budget);

    /// <summary>The bytes, in pooled pieces; valid until <see cref="Release"/>.</summary>
    public readonly ReadOnlySequence<byte> Content => _buffer.Content;

    /// <summary>Bytes that came.</summary>
    public readonly long Length => _buffer.Length;

    /// <summary>Length of the body that goes on, where all of it is known; else 0.</summary>
    public readonly long WholeLength => IsWhole ? Length : 0;

    /// <summary>Messages that carried the body; in STREAMED mode each wants an answer.</summary>
    public int Messages { readonly get; private set; }

    /// <summary>No more of it is waited for.</summary>
    public bool HasEnded { readonly get; private set; }

    /// <summary>All of it is here.</summary>
    public bool IsWhole { readonly get; private set; }

    /// <summary>The request's trailers came before its answers: theirs follows the body's.</summary>
    public bool TrailersCame { readonly get; set; }

    /// <summary>The body came as one message behind which trailers are to come (BUFFERED).</summary>
    public bool TrailersFollow { readonly get; set; }

    /// <summary>Keeps a piece; false where there is no room for it.</summary>
    /// <param name="adopted"><paramref name="rented"/>, the array that holds it, became part of the body and must not be returned by the caller.</param>
    public bool TryKeep(ReadOnlySpan<byte> content, byte[]? rented, out bool adopted)
    {
        Messages++;
        if (rented is null || content.Length < ExtProcCall.AdoptedMessage / 2)
        {
            adopted = false;
            return _buffer.Append(content);
        }

        rented.AsSpan().Overlaps(content, out var offset);
        adopted = _buffer.Adopt(rented, offset, content.Length);
        return adopted;
    }

    /// <summary>Counts a message that came behind the end: an empty one, or the last once more.</summary>
    public void CountLateMessage() => Messages++;

    /// <summary>There will be no more of it than this.</summary>
    public void End(bool isWhole)
    {
        HasEnded = true;
        IsWhole = isWhole;
    }

    /// <summary>Puts another model's name in the place of the one that <paramref name="parsed"/> found.</summary>
    public readonly void ReplaceModel(in ParsedRequest parsed, string model) => ModelValue.Replace(_buffer, parsed, model);

    /// <summary>Gives the pieces back. May be called again.</summary>
    public readonly void Release() => _buffer.Release();
}
