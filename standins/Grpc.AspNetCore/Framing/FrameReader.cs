using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Framing;

/// <summary>Reads length-prefixed messages from a pipe, holding no more than one.</summary>
/// <param name="maxMessageSize">In bytes, of the message as sent and as decompressed; null = no limit.</param>
/// <param name="encoding">The stream's <c>grpc-encoding</c>; null = none.</param>
/// <param name="unknownEncoding">The status of a message that is compressed in an unknown way.</param>
internal sealed class FrameReader(
    PipeReader input, int? maxMessageSize, string? encoding, IList<ICompressionProvider> compressionProviders, StatusCode unknownEncoding)
{
    public const int HeaderSize = 5;

    /// <summary>The next message; null at the end of the stream.</summary>
    /// <exception cref="RpcException">The stream breaks the protocol or a limit.</exception>
    public async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            var consumed = buffer.Start;
            var examined = buffer.End;
            try
            {
                if (result.IsCanceled)
                {
                    throw Error(StatusCode.Internal, "Incoming message cancelled.");
                }

                if (TryReadFrame(buffer, out var payload, out var end))
                {
                    var message = deserializer(new PayloadContext(payload));
                    consumed = examined = end;
                    return message;
                }

                if (result.IsCompleted)
                {
                    return buffer.IsEmpty ? null : throw Error(StatusCode.Internal, "Incomplete message.");
                }
            }
            finally
            {
                input.AdvanceTo(consumed, examined);
            }
        }
    }

    /// <summary>The stream's only message; null when there is none.</summary>
    public async ValueTask<T?> ReadSingleAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        var message = await ReadAsync(deserializer, cancellationToken).ConfigureAwait(false);
        if (message is not null && await ReadAsync(deserializer, cancellationToken).ConfigureAwait(false) is not null)
        {
            throw Error(StatusCode.Internal, "Additional data after the message received.");
        }

        return message;
    }

    private static RpcException Error(StatusCode code, string detail) => new(new Status(code, detail));

    private bool TryReadFrame(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload, out SequencePosition end)
    {
        payload = default;
        end = default;
        if (buffer.Length < HeaderSize)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        if (header[0] > 1)
        {
            throw Error(StatusCode.Internal, "Unexpected compressed flag value in message header.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > (uint)(maxMessageSize ?? int.MaxValue))
        {
            throw ReceivedTooMuch();
        }

        if (buffer.Length < HeaderSize + length)
        {
            return false;
        }

        payload = buffer.Slice(HeaderSize, length);
        end = payload.End;
        if (header[0] == 1)
        {
            payload = Decompress(payload);
        }

        return true;
    }

    private ReadOnlySequence<byte> Decompress(in ReadOnlySequence<byte> compressed)
    {
        if (encoding is null or GrpcHeaders.Identity)
        {
            throw Error(StatusCode.Internal, $"Request sent '{encoding ?? "no"}' grpc-encoding value with compressed message.");
        }

        var provider = compressionProviders.FirstOrDefault(provider => provider.EncodingName == encoding)
            ?? throw Error(
                unknownEncoding,
                $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: identity, {string.Join(", ", compressionProviders.Select(p => p.EncodingName))}");

        var limit = maxMessageSize ?? int.MaxValue;
        var output = new ArrayBufferWriter<byte>(Math.Max(256, (int)compressed.Length));
        using var source = new MemoryStream(compressed.ToArray(), writable: false);
        using var stream = provider.CreateDecompressionStream(source);
        while (true)
        {
            var read = stream.Read(output.GetSpan());
            if (read == 0)
            {
                return new(output.WrittenMemory);
            }

            output.Advance(read);
            if (output.WrittenCount > limit)
            {
                throw ReceivedTooMuch();
            }
        }
    }

    private static RpcException ReceivedTooMuch()
        => Error(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");
}
