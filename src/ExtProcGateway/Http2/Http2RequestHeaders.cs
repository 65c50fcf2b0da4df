using System.Buffers;
using System.Buffers.Text;
using Orleans.Inference.ExtProcGateway.Http2.Hpack;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>
/// The header list of one request while it is decoded: checks the rules of RFC 9113 section 8 and keeps the few fields that are used. One for
/// each connection, reused.
/// </summary>
/// <remarks>
/// <c>:authority</c> is not checked against the grammar of hosts: gateways name a cluster in it, <c>outbound|9002||epp.ns.svc.cluster.local</c>
/// or <c>extension/ns/name</c>.
/// </remarks>
internal sealed class Http2RequestHeaders : IHpackSink
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> ForbiddenValueBytes = SearchValues.Create("\0\r\n"u8);

    private readonly Utf8StringCache _strings = new();
    private Pseudo _seen;
    private bool _regular;
    private bool _trailers;

    /// <summary>The request is malformed in the sense of RFC 9113 8.1.1: a stream error.</summary>
    public bool Malformed { get; private set; }

    public bool IsPost { get; private set; }

    public string Path { get; private set; } = "";

    /// <summary><c>:authority</c>, or the <c>host</c> field where there is none; empty where both are absent.</summary>
    public string Authority { get; private set; } = "";

    public string ContentType { get; private set; } = "";

    /// <summary>The field <c>grpc-encoding</c>; empty where absent.</summary>
    public string GrpcEncoding { get; private set; } = "";

    /// <summary>The field <c>grpc-timeout</c>; null where absent, negative where malformed.</summary>
    public TimeSpan? GrpcTimeout { get; private set; }

    /// <summary>Negative where absent.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Before a block: of a request's headers, or of its trailers, in which no pseudo-header may occur.</summary>
    public void Begin(bool trailers)
    {
        _seen = Pseudo.None;
        _regular = false;
        _trailers = trailers;
        Malformed = false;
        IsPost = false;
        Path = Authority = ContentType = GrpcEncoding = "";
        GrpcTimeout = null;
        ContentLength = -1;
    }

    /// <summary>After the block: what a request must have.</summary>
    public void End()
    {
        if (!_trailers && ((_seen & Pseudo.Required) != Pseudo.Required || Path.Length == 0))
        {
            Malformed = true;
        }
    }

    public void OnField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty || value.ContainsAny(ForbiddenValueBytes))
        {
            Malformed = true;
        }
        else if (name[0] == (byte)':')
        {
            OnPseudo(name, value);
        }
        else
        {
            _regular = true;
            if (name.ContainsAnyExcept(NameBytes))
            {
                Malformed = true;
                return;
            }

            OnRegular(name, value);
        }
    }

    private void OnPseudo(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var which = Pseudo.None;
        if (name.SequenceEqual(":method"u8))
        {
            which = Pseudo.Method;
            IsPost = value.SequenceEqual("POST"u8);
        }
        else if (name.SequenceEqual(":path"u8))
        {
            which = Pseudo.Path;
            Path = _strings.Get(value);
        }
        else if (name.SequenceEqual(":scheme"u8))
        {
            which = Pseudo.Scheme;
        }
        else if (name.SequenceEqual(":authority"u8))
        {
            which = Pseudo.Authority;
            Authority = _strings.Get(value);
        }

        if (which == Pseudo.None || (_seen & which) != 0 || _regular || _trailers)
        {
            Malformed = true;
        }

        _seen |= which;
    }

    private void OnRegular(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("te"u8):
                Malformed |= !value.SequenceEqual("trailers"u8);
                break;
            case 4 when name.SequenceEqual("host"u8):
                if ((_seen & Pseudo.Authority) == 0 && !_trailers)
                {
                    Authority = _strings.Get(value);
                }

                break;
            case 12 when name.SequenceEqual("content-type"u8):
                ContentType = _strings.Get(value);
                break;
            case 12 when name.SequenceEqual("grpc-timeout"u8):
                GrpcTimeout = Grpc.GrpcTimeout.TryParse(value, out var timeout) ? timeout : Timeout.InfiniteTimeSpan;
                break;
            case 13 when name.SequenceEqual("grpc-encoding"u8):
                GrpcEncoding = _strings.Get(value);
                break;
            case 14 when name.SequenceEqual("content-length"u8):
                Malformed |= !Utf8Parser.TryParse(value, out long length, out var used) || used != value.Length || length < 0
                    || (ContentLength >= 0 && ContentLength != length);
                ContentLength = length;
                break;
            case 7 when name.SequenceEqual("upgrade"u8):
            case 10 when name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8):
            case 16 when name.SequenceEqual("proxy-connection"u8):
            case 17 when name.SequenceEqual("transfer-encoding"u8):
                Malformed = true;
                break;
        }
    }

    [Flags]
    private enum Pseudo
    {
        None = 0,
        Method = 1,
        Path = 2,
        Scheme = 4,
        Authority = 8,
        Required = Method | Path | Scheme,
    }
}
