using System.Runtime.CompilerServices;

namespace Orleans.Inference.Picking.Prefix;

/// <summary><see cref="XxHash64"/> of an input that comes in pieces.</summary>
/// <remarks>A mutable struct: pass it by reference.</remarks>
internal struct XxHash64Stream
{
    private XxHash64.Lanes _lanes;
    private long _length;
    private Tail _tail;

    /// <summary>Begins a new input.</summary>
    public void Reset()
    {
        _lanes = XxHash64.Lanes.Initial;
        _length = 0;
    }

    /// <summary>Takes the next piece of the input.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var waiting = (int)(_length % XxHash64.StripeSize);
        _length += bytes.Length;
        if (waiting > 0)
        {
            var taken = Math.Min(XxHash64.StripeSize - waiting, bytes.Length);
            bytes[..taken].CopyTo(_tail[waiting..]);
            if (waiting + taken < XxHash64.StripeSize)
            {
                return;
            }

            XxHash64.Mix(ref _lanes, _tail);
            bytes = bytes[taken..];
        }

        var stripes = bytes.Length & ~(XxHash64.StripeSize - 1);
        XxHash64.Mix(ref _lanes, bytes[..stripes]);
        bytes[stripes..].CopyTo(_tail);
    }

    /// <summary>The hash of everything since <see cref="Reset"/>.</summary>
    public readonly ulong Finish()
    {
        ReadOnlySpan<byte> tail = _tail;
        return XxHash64.Finish(_lanes, tail[..(int)(_length % XxHash64.StripeSize)], _length);
    }

    [InlineArray(XxHash64.StripeSize)]
    private struct Tail
    {
        private byte _first;
    }
}
