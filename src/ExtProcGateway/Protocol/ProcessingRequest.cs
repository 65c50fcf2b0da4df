using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>One <c>envoy.service.ext_proc.v3.ProcessingRequest</c>, read in place.</summary>
internal ref struct ProcessingRequest
{
    /// <summary>Which of the messages it is.</summary>
    public ProcessingKind Kind { get; private set; }

    /// <summary>The bytes of that message: HttpHeaders, HttpBody or HttpTrailers.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary><c>metadata_context</c>, a <c>Metadata</c> message.</summary>
    public ReadOnlySpan<byte> Metadata { get; private set; }

    /// <summary>Envoy only shows the traffic and takes no answers.</summary>
    public bool ObservabilityMode { get; private set; }

    /// <summary><c>protocol_config</c> is there: Envoy sends it with the first message of a stream.</summary>
    public bool HasProtocolConfig { get; private set; }

    /// <summary>How the request's body comes.</summary>
    public BodySendMode RequestBodyMode { get; private set; }

    /// <summary>How the response's body comes.</summary>
    public BodySendMode ResponseBodyMode { get; private set; }

    /// <summary>In STREAMED mode: the body comes without waiting for the answer to the headers.</summary>
    public bool BodyComesUnasked { get; private set; }

    /// <summary>Reads a message; false where it is no well-formed protobuf.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ProcessingRequest request)
    {
        request = default;
        var reader = new ProtoReader(bytes);
        while (reader.TryReadTag(out var field, out var type))
        {
            if (field is >= (int)ProcessingKind.RequestHeaders and <= (int)ProcessingKind.ResponseTrailers && type == WireType.LengthDelimited)
            {
                if (reader.TryReadBytes(out var payload))
                {
                    request.Kind = (ProcessingKind)field;
                    request.Payload = payload;
                }
            }
            else if (field == 8 && type == WireType.LengthDelimited)
            {
                if (reader.TryReadBytes(out var metadata))
                {
                    request.Metadata = metadata;
                }
            }
            else if (field == 10 && type == WireType.Varint)
            {
                request.ObservabilityMode = reader.TryReadVarint(out var value) && value != 0;
            }
            else if (field == 11 && type == WireType.LengthDelimited)
            {
                if (reader.TryReadBytes(out var config) && !request.TryReadProtocolConfig(config))
                {
                    return false;
                }
            }
            else
            {
                reader.TrySkip(type);
            }
        }

        return !reader.Malformed;
    }

    private bool TryReadProtocolConfig(ReadOnlySpan<byte> bytes)
    {
        HasProtocolConfig = true;
        var reader = new ProtoReader(bytes);
        while (reader.TryReadTag(out var field, out var type))
        {
            if (field is >= 1 and <= 3 && type == WireType.Varint)
            {
                if (!reader.TryReadVarint(out var value))
                {
                    return false;
                }

                switch (field)
                {
                    case 1:
                        RequestBodyMode = ModeOf(value);
                        break;
                    case 2:
                        ResponseBodyMode = ModeOf(value);
                        break;
                    default:
                        BodyComesUnasked = value != 0;
                        break;
                }
            }
            else
            {
                reader.TrySkip(type);
            }
        }

        return !reader.Malformed;
    }

    /// <summary>Modes of a later protocol version stream, like the newest of those that are known.</summary>
    private static BodySendMode ModeOf(ulong value) => value <= (ulong)BodySendMode.BufferedPartial ? (BodySendMode)value : BodySendMode.FullDuplexStreamed;
}
