using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>What sets the blocks of an event apart beside their tokens, block by block: the hashes of pictures, a cache salt, the adapter's name, which is known anyway.</summary>
/// <param name="keys">MessagePack: a list with an entry for each block, which is nil or a list; empty for nothing.</param>
/// <param name="lora">The adapter's name.</param>
internal ref struct KvExtraKeys(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> lora)
{
    private readonly ReadOnlySpan<byte> _lora = lora;
    private MsgPackReader _keys = new(keys);
    private int _left = -1;

    /// <summary>A number for what sets the next block apart; 0 where nothing does.</summary>
    /// <param name="only">The text, where it is one.</param>
    public ulong Next(out ReadOnlySpan<byte> only)
    {
        only = default;
        if (_left < 0)
        {
            _left = _keys.Next == MsgPackType.Array ? _keys.ReadArray() : 0;
        }

        if (_left == 0 || _keys.Failed)
        {
            return 0;
        }

        _left--;
        if (_keys.Next != MsgPackType.Array)
        {
            _keys.Skip();
            return 0;
        }

        var (number, texts) = (0UL, 0);
        for (var count = _keys.ReadArray(); count > 0 && !_keys.Failed; count--)
        {
            var text = ReadText();
            if (!text.IsEmpty && !text.SequenceEqual(_lora))
            {
                number = (number * 31) + (PrefixHasher.Seed(text, []) | 1);
                only = ++texts == 1 ? text : default;
            }
        }

        return number;
    }

    /// <summary>A text, or the one that a list begins with, beside which older servers have where a picture is; empty for other values.</summary>
    private ReadOnlySpan<byte> ReadText()
    {
        switch (_keys.Next)
        {
            case MsgPackType.Text:
                return _keys.ReadText();
            case MsgPackType.Binary:
                return _keys.ReadBinary();
            case MsgPackType.Array when _keys.ReadArray() is > 0 and var count:
                var text = _keys.Next == MsgPackType.Text ? _keys.ReadText() : default;
                for (var i = text.IsEmpty ? 0 : 1; i < count; i++)
                {
                    _keys.Skip();
                }

                return text;
            case MsgPackType.Array:
                return default;
            default:
                _keys.Skip();
                return default;
        }
    }
}
