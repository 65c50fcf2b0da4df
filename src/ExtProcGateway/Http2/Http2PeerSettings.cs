using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>The settings of the peer that matter to a server that pushes nothing and compresses nothing.</summary>
internal sealed class Http2PeerSettings
{
    public const ushort HeaderTableSize = 0x1;
    public const ushort EnablePush = 0x2;
    public const ushort MaxConcurrentStreams = 0x3;
    public const ushort InitialWindowSize = 0x4;
    public const ushort MaxFrameSize = 0x5;
    public const ushort MaxHeaderListSize = 0x6;

    /// <summary>Bytes of one setting.</summary>
    public const int EntrySize = 6;

    /// <summary>Send window of a new stream.</summary>
    public int InitialWindow { get; private set; } = Http2ConnectionLimits.DefaultWindow;

    /// <summary>Largest payload of a frame that the peer takes.</summary>
    public int FrameSize { get; private set; } = Http2ConnectionLimits.MaxFrameSize;

    /// <summary>Applies one setting; unknown ones are ignored (RFC 9113 6.5.2).</summary>
    public Http2ErrorCode Apply(ReadOnlySpan<byte> entry)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(entry[2..]);
        switch (BinaryPrimitives.ReadUInt16BigEndian(entry))
        {
            case EnablePush when value > 1:
                return Http2ErrorCode.ProtocolError;
            case InitialWindowSize when value > int.MaxValue:
                return Http2ErrorCode.FlowControlError;
            case InitialWindowSize:
                InitialWindow = (int)value;
                break;
            case MaxFrameSize when value is < 16_384 or > 16_777_215:
                return Http2ErrorCode.ProtocolError;
            case MaxFrameSize:
                FrameSize = (int)value;
                break;
        }

        return Http2ErrorCode.NoError;
    }
}
