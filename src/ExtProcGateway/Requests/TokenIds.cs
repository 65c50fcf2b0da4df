using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads token ids out of bodies that were accepted.</summary>
internal static class TokenIds
{
    /// <summary>Ids that are gathered before they are hashed.</summary>
    private const int AtOnce = 256;

    /// <summary>Bytes that are looked at to read an id: eight for its digits, one for the comma, one for a blank behind it.</summary>
    private const int Window = 10;

    /// <summary>What may stand before, between and behind the ids of an array.</summary>
    private static ReadOnlySpan<byte> Between => " \t\r\n,[]"u8;

    /// <summary>Gives the ids of a JSON array; stops when no more are wanted. Costs about 3 ns an id.</summary>
    /// <remarks>They are not counted: <see cref="PromptRanges.TokenIds"/> has the number.</remarks>
    public static void AppendArray(in ReadOnlySequence<byte> array, ref PromptSink prompt)
    {
        Span<uint> ids = stackalloc uint[AtOnce];
        var rest = new SequenceReader<byte>(array);
        rest.AdvancePastAny(Between);
        while (!prompt.IsFull)
        {
            rest.Advance(ReadPlain(rest.UnreadSpan, ids, out var count));
            prompt.AppendIds(ids[..count]);
            if (count < AtOnce)
            {
                // The end of a piece, or an id that is written unusually.
                if (!TryReadOne(ref rest, out ids[0]))
                {
                    return;
                }

                prompt.AppendIds(ids[..1]);
            }
        }
    }

    /// <summary>Gives and counts the ids that a protobuf field has packed.</summary>
    public static void AppendVarints(in ReadOnlySequence<byte> packed, ref PromptSink prompt)
    {
        Span<uint> ids = stackalloc uint[AtOnce];
        var (count, id, shift) = (0, 0UL, 0);
        foreach (var piece in packed)
        {
            foreach (var b in piece.Span)
            {
                id |= (ulong)(b & 0x7f) << shift;
                shift += 7;
                if (b >= 0x80)
                {
                    continue;
                }

                ids[count++] = (uint)id;
                (id, shift) = (0, 0);
                if (count == AtOnce)
                {
                    prompt.AppendIds(ids);
                    prompt.Count(count);
                    count = 0;
                }
            }
        }

        prompt.AppendIds(ids[..count]);
        prompt.Count(count);
    }

    /// <summary>Reads ids of up to seven digits, with a comma behind each and at most a blank behind that, as nearly all are: eight bytes at a time and without a branch for a digit.</summary>
    /// <returns>Bytes read.</returns>
    private static int ReadPlain(ReadOnlySpan<byte> text, Span<uint> ids, out int count)
    {
        const ulong Zeros = 0x3030_3030_3030_3030;
        const ulong Highest = 0x8080_8080_8080_8080;
        count = 0;
        var at = 0;
        while (text.Length - at >= Window && count < ids.Length)
        {
            // A digit becomes its value; of any other byte the highest bit is set afterwards.
            var word = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]) ^ Zeros;
            var others = (((word & ~Highest) + 0x7676_7676_7676_7676) | word) & Highest;
            var bits = BitOperations.TrailingZeroCount(others) & ~7;
            if (bits is 0 or 64 || text[at + (bits >> 3)] != (byte)',')
            {
                break;
            }

            ids[count++] = EightDigits(word << (64 - bits));
            at += (bits >> 3) + 1;
            at += text[at] == (byte)' ' ? 1 : 0;
        }

        return at;
    }

    /// <summary>The number of eight digits, each in a byte, the highest first.</summary>
    private static uint EightDigits(ulong digits)
    {
        var pairs = ((digits * 10) + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
        var fours = ((pairs * 100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
        return (uint)((fours * 10_000) + (fours >> 32));
    }

    /// <summary>Reads the next id, however it is written; false where there is none.</summary>
    private static bool TryReadOne(ref SequenceReader<byte> rest, out uint id)
    {
        rest.AdvancePastAny(Between);
        if (!rest.TryReadToAny(out ReadOnlySequence<byte> digits, Between, advancePastDelimiter: false))
        {
            digits = rest.UnreadSequence;
            rest.AdvanceToEnd();
        }

        rest.AdvancePastAny(Between);
        id = JsonWholeNumber.TryParse(digits, out var value) ? (uint)value : 0;
        return !digits.IsEmpty;
    }
}
