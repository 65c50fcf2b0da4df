using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Takes gRPC's messages out of a body that comes in pieces cut anywhere: <see cref="GrpcFrame"/> for what is not held.</summary>
/// <remarks>A mutable struct. Keeps where it is, not the bytes, so messages may have any size. Those that are compressed are passed over.</remarks>
internal struct GrpcPieceReader
{
    private ulong _header;
    private int _headerLength;
    private uint _left;

    private readonly bool IsCompressed => _header >> 32 != 0;

    /// <summary>Goes on with the next bytes; to be called until it says <see cref="GrpcPiece.None"/>, when all of them are used.</summary>
    public GrpcPiece Read(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> content)
    {
        content = default;
        while (_headerLength == GrpcFrame.HeaderLength || TryReadHeader(ref bytes))
        {
            if (_left == 0)
            {
                _headerLength = 0;
                if (IsCompressed)
                {
                    continue;
                }

                return GrpcPiece.End;
            }

            if (bytes.IsEmpty)
            {
                return GrpcPiece.None;
            }

            var part = bytes[..(int)Math.Min(_left, (uint)bytes.Length)];
            bytes = bytes[part.Length..];
            _left -= (uint)part.Length;
            if (!IsCompressed)
            {
                content = part;
                return GrpcPiece.Content;
            }
        }

        return GrpcPiece.None;
    }

    private bool TryReadHeader(ref ReadOnlySpan<byte> bytes)
    {
        _header = _headerLength == 0 ? 0 : _header;
        while (_headerLength < GrpcFrame.HeaderLength)
        {
            if (bytes.IsEmpty)
            {
                return false;
            }

            _header = _header << 8 | bytes[0];
            _headerLength++;
            bytes = bytes[1..];
        }

        _left = (uint)_header;
        return true;
    }
}
