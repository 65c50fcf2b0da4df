using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>The header <c>traceparent</c> of W3C Trace Context, read and written as bytes.</summary>
internal static class TraceParent
{
    /// <summary>Bytes of a header of version 00: <c>00-</c>, 32 digits of the trace, <c>-</c>, 16 of the span, <c>-</c>, two of flags.</summary>
    public const int Length = 55;

    private const int TraceAt = 3;
    private const int TraceDigits = 32;
    private const int SpanAt = 36;
    private const int SpanDigits = 16;
    private const int FlagsAt = 53;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Reads a header; false where it is not valid, and so counts as missing. Versions to come are read as far as 00 goes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> header, out bool sampled)
    {
        sampled = false;
        if (header.Length < Length || header[2] != '-' || header[35] != '-' || header[52] != '-')
        {
            return false;
        }

        var version = header[..2];
        var flags = header.Slice(FlagsAt, 2);
        if (version.ContainsAnyExcept(Digits) || flags.ContainsAnyExcept(Digits) || version.SequenceEqual("ff"u8))
        {
            return false;
        }

        if (version.SequenceEqual("00"u8) ? header.Length > Length : header.Length > Length && header[Length] != '-')
        {
            return false;
        }

        sampled = (Nibble(flags[1]) & 1) == 1;
        return IsId(header.Slice(TraceAt, TraceDigits)) && IsId(header.Slice(SpanAt, SpanDigits));
    }

    /// <summary>The context that a header names, which <see cref="TryParse"/> accepted. Makes strings.</summary>
    public static ActivityContext ToContext(ReadOnlySpan<byte> header, bool sampled, ReadOnlySpan<byte> state) => new(
        ActivityTraceId.CreateFromUtf8String(header.Slice(TraceAt, TraceDigits)),
        ActivitySpanId.CreateFromUtf8String(header.Slice(SpanAt, SpanDigits)),
        sampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None,
        state.IsEmpty ? null : Encoding.ASCII.GetString(state),
        isRemote: true);

    /// <summary>Writes the header of a span that is recorded.</summary>
    public static void Write(Activity span, Span<byte> destination)
    {
        destination = destination[..Length];
        "00-"u8.CopyTo(destination);
        Encoding.ASCII.GetBytes(span.TraceId.ToHexString(), destination[TraceAt..]);
        destination[35] = (byte)'-';
        Encoding.ASCII.GetBytes(span.SpanId.ToHexString(), destination[SpanAt..]);
        (span.Recorded ? "-01"u8 : "-00"u8).CopyTo(destination[52..]);
    }

    /// <summary>Writes the header of a new trace that nobody records, so that those who come later do not start one of their own. Allocates nothing.</summary>
    public static void WriteUnsampled(Random random, Span<byte> destination)
    {
        destination = destination[..Length];
        Span<byte> ids = stackalloc byte[24];
        random.NextBytes(ids);
        ids[0] |= 1; // neither is all zero
        ids[16] |= 1;
        "00-"u8.CopyTo(destination);
        Convert.TryToHexStringLower(ids[..16], destination[TraceAt..], out _);
        destination[35] = (byte)'-';
        Convert.TryToHexStringLower(ids[16..], destination[SpanAt..], out _);
        "-00"u8.CopyTo(destination[52..]);
    }

    private static bool IsId(ReadOnlySpan<byte> digits) => !digits.ContainsAnyExcept(Digits) && digits.ContainsAnyExcept((byte)'0');

    private static int Nibble(byte digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
