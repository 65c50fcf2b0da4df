using System.Buffers;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Takes prompts as their parser finds them: decodes strings, counts tokens, and hashes as long as hashes are wanted.</summary>
/// <remarks>A mutable ref struct: pass it by reference.</remarks>
internal ref struct PromptSink
{
    /// <summary>Of a request that has this many hashes the next prompt gets none: a body of some megabytes can have a million of prompts with a hash each.</summary>
    public const int MostHashes = 64 * 1024;

    /// <summary>What stands for media is hashed up to this many tokens a request: some bytes of a body can stand for a million of them. Beyond that, prompts with the same media count as the same.</summary>
    private const int MostHashedMedia = 1 << 22;

    private readonly PrefixHashes? _hashes;
    private readonly Span<byte> _buffer;
    private PrefixHasher _hasher;
    private bool _closed;
    private long _bytes;
    private long _tokens;
    private int _mediaHashed;

    /// <summary>Hashes and counts.</summary>
    /// <param name="buffer">For decoding.</param>
    public PromptSink(PrefixHashes hashes, in PromptBlocks blocks, ulong seed, Span<byte> buffer)
    {
        _hashes = hashes;
        _buffer = buffer;
        _hasher = new PrefixHasher(hashes, blocks.Rule, seed, blocks.BlockTokens, blocks.MaxBlocks);
        Rule = blocks.Rule;
    }

    /// <summary>Counts only.</summary>
    /// <param name="buffer">For decoding.</param>
    public PromptSink(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Text and media have no hash: of a prompt's tokens only those that it names are known.</summary>
    public bool OnlyIds { readonly get; init; }

    /// <summary>How prompts are hashed.</summary>
    public readonly PrefixHashRule Rule { get; }

    /// <summary>The open prompt needs no more content for its hashes.</summary>
    public readonly bool IsFull => _hashes is null || _hasher.IsFull || _closed;

    /// <summary>Takes the pictures, videos and sounds, all of them however long the prompt is; null where nobody asks for them.</summary>
    public MediaItems? Media { private get; init; }

    /// <summary>How many tokens stand for pictures and videos.</summary>
    public MediaTokens Sizes { private get; init; }

    /// <summary>There was a picture, video or sound.</summary>
    public bool HasMedia { get; private set; }

    /// <summary>Tokens of all prompts that have ended.</summary>
    public readonly long Tokens => _tokens;

    /// <summary>Appends a string, decoded; nothing where the value is of another kind.</summary>
    public void Append(in JsonValue text)
    {
        if (!text.IsString)
        {
            return;
        }

        if (!text.IsEscaped)
        {
            AppendRaw(text.Bytes);
            return;
        }

        var decoder = new JsonText(text.Bytes, _buffer);
        while (decoder.TryNext(out var piece))
        {
            AppendRaw(piece);
        }
    }

    /// <summary>Appends a value as it is written, but for blanks between its parts.</summary>
    public void AppendWritten(in JsonValue value)
    {
        if (!value.IsString)
        {
            AppendJson(value.Bytes);
            return;
        }

        AppendRaw("\""u8);
        AppendRaw(value.Bytes);
        AppendRaw("\""u8);
    }

    /// <summary>Appends JSON as it is written, but for blanks between its parts: clients that put them differently have the same prompt, for engines read the value.</summary>
    public void AppendJson(in ReadOnlySequence<byte> json)
    {
        var compact = new CompactJson();
        foreach (var piece in json)
        {
            var rest = piece.Span;
            while (compact.TryNext(ref rest, out var part))
            {
                AppendRaw(part);
            }
        }
    }

    /// <summary>Appends bytes.</summary>
    public void AppendRaw(in ReadOnlySequence<byte> bytes)
    {
        foreach (var piece in bytes)
        {
            AppendRaw(piece.Span);
        }
    }

    /// <summary>Appends bytes.</summary>
    public void AppendRaw(scoped ReadOnlySpan<byte> bytes)
    {
        _bytes += bytes.Length;
        if (!IsFull && !OnlyIds)
        {
            _hasher.Append(bytes);
        }
    }

    /// <summary>Appends token ids, which are not counted: see <see cref="Count"/>.</summary>
    public void AppendIds(scoped ReadOnlySpan<uint> ids)
    {
        if (!IsFull)
        {
            _hasher.Append(ids);
        }
    }

    /// <summary>Counts token ids of the open prompt.</summary>
    public void Count(int ids) => _tokens += ids;

    /// <summary>Appends what stands for a picture; nothing where its URL or data is no string or an empty one.</summary>
    /// <param name="isUrl">It is a URL, which may have the data in it; else the data in base64.</param>
    public void AppendPicture(in JsonValue content, bool isUrl)
    {
        if (content.IsString && !content.Bytes.IsEmpty)
        {
            AppendMedia(content, default, Sizes.OfPicture(content, isUrl, _buffer));
        }
    }

    /// <summary>Appends what stands for a video; nothing where its URL is no string or an empty one.</summary>
    public void AppendVideo(in JsonValue url)
    {
        if (url.IsString && !url.Bytes.IsEmpty)
        {
            AppendMedia(url, default, Sizes.OfVideo());
        }
    }

    /// <summary>Appends what stands for a sound; nothing where its URL or data is no string or an empty one.</summary>
    /// <param name="format">How the data is written, a string or nothing: it is hashed and counted with the data.</param>
    public void AppendSound(in JsonValue content, in JsonValue format)
    {
        if (content.IsString && !content.Bytes.IsEmpty)
        {
            AppendMedia(content, format, MediaTokens.Sound(Length(content) + (format.IsString ? Length(format) : 0)));
        }
    }

    /// <summary>Ends the open prompt, which has a chain unless there are too many, and begins another.</summary>
    public void EndPrompt()
    {
        _tokens += TokensOf(_bytes);
        _bytes = 0;
        if (_hashes is not null && !_closed)
        {
            _hasher.EndPrompt();
            _closed = _hashes.TotalBlocks + _hashes.ChainCount >= MostHashes;
        }
    }

    private static long TokensOf(long bytes) => (bytes + PrefixHasher.BytesPerToken - 1) / PrefixHasher.BytesPerToken;

    private void AppendMedia(in JsonValue content, in JsonValue format, int tokens)
    {
        HasMedia = true;
        _bytes = (TokensOf(_bytes) + tokens) * PrefixHasher.BytesPerToken;
        if ((IsFull || OnlyIds) && Media is null)
        {
            return;
        }

        var hash = new MediaHash();
        Add(ref hash, content);
        Add(ref hash, format);
        Media?.Add(hash.Hash, tokens);
        if (!IsFull && !OnlyIds)
        {
            var hashed = Math.Min(tokens, MostHashedMedia - _mediaHashed);
            _mediaHashed += hashed;
            _hasher.AppendMedia(hash.Token, hashed);
        }
    }

    private readonly void Add(ref MediaHash hash, in JsonValue text)
    {
        if (!text.IsEscaped)
        {
            foreach (var piece in text.IsString ? text.Bytes : default)
            {
                hash.Append(piece.Span);
            }

            return;
        }

        var decoder = new JsonText(text.Bytes, _buffer);
        while (decoder.TryNext(out var piece))
        {
            hash.Append(piece);
        }
    }

    private readonly long Length(in JsonValue text)
    {
        if (!text.IsEscaped)
        {
            return text.Bytes.Length;
        }

        var length = 0L;
        var decoder = new JsonText(text.Bytes, _buffer);
        while (decoder.TryNext(out var piece))
        {
            length += piece.Length;
        }

        return length;
    }
}
