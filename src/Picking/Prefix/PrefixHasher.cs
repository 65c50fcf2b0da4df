using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>Makes the chain of block hashes of a request's prompts, from bytes in pieces of any size or from token ids.</summary>
/// <remarks>
/// <para>
/// A block's hash covers all that comes before it in the prompt, the model and the cache salt, so equal hashes mean equal prefixes. Usage: construct, append the first prompt's content in
/// order, <see cref="EndPrompt"/>, append the next prompt's, and so on. The caller gives decoded text (JSON escapes resolved); no string is made.
/// </para>
/// <para>
/// Costs about 0.1 ns a byte; allocates only where the <see cref="PrefixHashes"/> must grow. Once <see cref="IsFull"/>, more content of the prompt changes nothing, and its
/// producer may stop decoding. A mutable ref struct: pass it by reference, use it from one thread.
/// </para>
/// </remarks>
public ref struct PrefixHasher
{
    /// <summary>Bytes of text that stand for a token where no tokenizer runs.</summary>
    public const int BytesPerToken = 4;

    private readonly PrefixHashes _hashes;
    private readonly PrefixHashRule _rule;
    private readonly ulong _seed;
    private readonly int _blockBytes;
    private readonly int _maxBlocks;
    private int _blocks;
    private ulong _before;
    private int _open;
    private XxHash64Stream _stream;

    /// <param name="hashes">Where the chains go; what it holds is discarded.</param>
    /// <param name="seed">From <see cref="Seed(string, ReadOnlySpan{byte})"/>.</param>
    /// <param name="blockTokens">Tokens in a block, at least 1.</param>
    /// <param name="maxBlocks">Most hashes of one prompt.</param>
    public PrefixHasher(PrefixHashes hashes, PrefixHashRule rule, ulong seed, int blockTokens, int maxBlocks)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockTokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockTokens, int.MaxValue / BytesPerToken);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBlocks);
        _hashes = hashes;
        _rule = rule;
        _seed = seed;
        _before = seed;
        _blockBytes = blockTokens * BytesPerToken;
        _maxBlocks = maxBlocks;
        hashes.Begin(blockTokens);
    }

    /// <summary>Whether the open prompt has all the hashes it may have.</summary>
    public readonly bool IsFull => _blocks == _maxBlocks;

    /// <summary>The hash that the first block is chained to: XXH64(model ‖ salt), so that neither models nor tenants share blocks.</summary>
    public static ulong Seed(ReadOnlySpan<byte> model, ReadOnlySpan<byte> cacheSalt)
    {
        if (cacheSalt.IsEmpty)
        {
            return XxHash64.Hash(model);
        }

        var stream = default(XxHash64Stream);
        stream.Reset();
        stream.Append(model);
        stream.Append(cacheSalt);
        return stream.Finish();
    }

    /// <inheritdoc cref="Seed(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static ulong Seed(string model, ReadOnlySpan<byte> cacheSalt)
    {
        ArgumentNullException.ThrowIfNull(model);
        const int MaxOnStack = 256;
        var bytes = model.Length * 3 <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[model.Length * 3];
        return Seed(bytes[..Encoding.UTF8.GetBytes(model, bytes)], cacheSalt);
    }

    /// <summary>The token that stands for a picture, video or sound: the low half of the hash of its URL or data.</summary>
    public static uint MediaToken(ReadOnlySpan<byte> content) => (uint)XxHash64.Hash(content);

    /// <inheritdoc cref="MediaToken(ReadOnlySpan{byte})"/>
    public static uint MediaToken(in ReadOnlySequence<byte> content)
    {
        var hash = new MediaHash();
        foreach (var piece in content)
        {
            hash.Append(piece.Span);
        }

        return hash.Token;
    }

    /// <summary>Appends text.</summary>
    public void Append(in ReadOnlySequence<byte> text)
    {
        foreach (var piece in text)
        {
            Append(piece.Span);
        }
    }

    /// <summary>Appends text; a piece may end anywhere, within a character too.</summary>
    public void Append(scoped ReadOnlySpan<byte> text)
    {
        if (IsFull)
        {
            return;
        }

        if (_open > 0)
        {
            var taken = Math.Min(_blockBytes - _open, text.Length);
            _stream.Append(text[..taken]);
            _open += taken;
            if (_open < _blockBytes)
            {
                return;
            }

            CloseBlock();
            text = text[taken..];
        }

        var whole = Math.Min(text.Length / _blockBytes, _maxBlocks - _blocks);
        if (whole > 0)
        {
            AppendBlocks(text[..(whole * _blockBytes)], _hashes.Take(whole));
            _blocks += whole;
            text = text[(whole * _blockBytes)..];
        }

        if (!text.IsEmpty && !IsFull)
        {
            _stream.Reset();
            _stream.Append(text);
            _open = text.Length;
        }
    }

    /// <summary>Appends token ids, as requests that were tokenized before bring them.</summary>
    public void Append(scoped ReadOnlySpan<uint> tokens)
    {
        if (BitConverter.IsLittleEndian)
        {
            Append(MemoryMarshal.AsBytes(tokens));
            return;
        }

        Span<byte> bytes = stackalloc byte[BytesPerToken];
        foreach (var token in tokens)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, token);
            Append(bytes);
        }
    }

    /// <summary>Appends <paramref name="count"/> times the token of a picture, video or sound, which never shares a token with text.</summary>
    public void AppendMedia(uint token, int count)
    {
        const int AtOnce = 64;
        PadToken();
        Span<uint> tokens = stackalloc uint[AtOnce];
        tokens.Fill(token);
        for (; count > 0 && !IsFull; count -= AtOnce)
        {
            Append(tokens[..Math.Min(count, AtOnce)]);
        }
    }

    /// <summary>Ends the prompt's chain, as the next one of the <see cref="PrefixHashes"/>, and begins another prompt.</summary>
    public void EndPrompt()
    {
        if (_open > 0 && _rule == PrefixHashRule.Tokens)
        {
            PadToken();
            if (_open > 0)
            {
                CloseBlock();
            }
        }

        _hashes.EndChain();
        _open = 0;
        _blocks = 0;
        _before = _seed;
    }

    private void PadToken()
    {
        var rest = _open % BytesPerToken;
        if (rest > 0)
        {
            ReadOnlySpan<byte> zeros = [0, 0, 0];
            Append(zeros[..(BytesPerToken - rest)]);
        }
    }

    private void CloseBlock()
    {
        if (_rule == PrefixHashRule.Tokens)
        {
            _before = XxHash64.HashPair(_stream.Finish(), _before);
        }
        else
        {
            Span<byte> before = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(before, _before);
            _stream.Append(before);
            _before = _stream.Finish();
        }

        _hashes.Take(1)[0] = _before;
        _blocks++;
        _open = 0;
    }

    /// <summary>Hashes whole blocks where they lie.</summary>
    private void AppendBlocks(scoped ReadOnlySpan<byte> blocks, scoped Span<ulong> hashes)
    {
        Debug.Assert(blocks.Length == hashes.Length * _blockBytes && _open == 0);
        var before = _before;
        var size = _blockBytes;
        if (_rule == PrefixHashRule.Tokens)
        {
            for (var i = 0; i < hashes.Length; i++)
            {
                hashes[i] = before = XxHash64.HashPair(XxHash64.Hash(blocks.Slice(i * size, size)), before);
            }
        }
        else if (size % XxHash64.StripeSize == 0)
        {
            for (var i = 0; i < hashes.Length; i++)
            {
                hashes[i] = before = XxHash64.HashWithSuffix(blocks.Slice(i * size, size), before);
            }
        }
        else
        {
            Span<byte> suffix = stackalloc byte[sizeof(ulong)];
            for (var i = 0; i < hashes.Length; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(suffix, before);
                _stream.Reset();
                _stream.Append(blocks.Slice(i * size, size));
                _stream.Append(suffix);
                hashes[i] = before = _stream.Finish();
            }
        }

        _before = before;
    }
}
