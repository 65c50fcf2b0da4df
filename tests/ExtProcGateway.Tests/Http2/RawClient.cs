using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Orleans.Inference.ExtProcGateway.Http2;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

/// <summary>A client that sends what a test tells it, frame by frame, and takes no decision of its own but to acknowledge SETTINGS.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    /// <summary>What a test waits for a thing that must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp;
    private readonly Stream _stream;

    private RawClient(TcpClient tcp, Stream stream)
    {
        _tcp = tcp;
        _stream = stream;
    }

    /// <summary>Connects, with preface and settings.</summary>
    public static async Task<RawClient> ConnectAsync(int port, params (ushort Id, uint Value)[] settings)
    {
        var client = await ConnectSilentlyAsync(port);
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.SendAsync(Frame.Settings(settings));
        return client;
    }

    /// <summary>Connects and says nothing. A small receive buffer makes the peer feel early that nothing is read.</summary>
    public static async Task<RawClient> ConnectSilentlyAsync(int port, int? receiveBuffer = null)
    {
        var tcp = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            tcp.ReceiveBufferSize = size;
        }

        await tcp.ConnectAsync("127.0.0.1", port).WaitAsync(Patience);
        return new RawClient(tcp, tcp.GetStream());
    }

    public static async Task<RawClient> ConnectTlsAsync(int port, string serverName, SslProtocols versions = SslProtocols.None, SslApplicationProtocol? alpn = null)
    {
        var tcp = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", port).WaitAsync(Patience);
        var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            EnabledSslProtocols = versions,
            ApplicationProtocols = [alpn ?? SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        }).WaitAsync(Patience);
        var client = new RawClient(tcp, tls);
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.SendAsync(Frame.Settings());
        return client;
    }

    public Stream Stream => _stream;

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    public Task SendAsync(params Frame[] frames) => SendAsync([.. frames.SelectMany(frame => frame.ToBytes())]);

    /// <summary>The next frame, or null when the connection has ended.</summary>
    public async Task<Frame?> TryReadAsync()
    {
        var head = new byte[Http2FrameHeader.Size];
        try
        {
            if (await _stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Patience) < head.Length)
            {
                return null;
            }

            var header = Http2FrameHeader.Read(head);
            var payload = new byte[header.Length];
            await _stream.ReadExactlyAsync(payload).AsTask().WaitAsync(Patience);
            var frame = new Frame(header.Type, header.Flags, header.StreamId, payload);
            if (frame.Type == Http2FrameType.Settings && !frame.IsAck)
            {
                await SendAsync(new Frame(Http2FrameType.Settings, Http2FrameHeader.Ack, 0, []));
            }

            return frame;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The next frame that fits; others are dropped. Fails when the connection ends before.</summary>
    public async Task<Frame> ReadAsync(Func<Frame, bool> fits)
    {
        while (true)
        {
            var frame = await TryReadAsync() ?? throw new Xunit.Sdk.XunitException("The connection has ended without the frame that was waited for.");
            if (fits(frame))
            {
                return frame;
            }
        }
    }

    public Task<Frame> ReadAsync(Http2FrameType type, int streamId) => ReadAsync(frame => frame.Type == type && frame.StreamId == streamId && !frame.IsAck);

    /// <summary>The GOAWAY with an error that must come, and then the end.</summary>
    public async Task<Http2ErrorCode> ReadConnectionErrorAsync()
    {
        var frame = await ReadAsync(frame => frame.Type == Http2FrameType.GoAway);
        while (await TryReadAsync() is not null)
        {
        }

        return frame.Code;
    }

    /// <summary>All frames up to the answer to a PING that is sent now.</summary>
    public async Task<List<Frame>> ReadAllAsync()
    {
        const ulong Mark = 0xfeed;
        var frames = new List<Frame>();
        await SendAsync(Frame.Ping(Mark));
        while (true)
        {
            var frame = await ReadAsync(_ => true);
            if (frame.Type == Http2FrameType.Ping && frame.IsAck)
            {
                return frames;
            }

            frames.Add(frame);
        }
    }

    /// <summary>The body (all DATA) and the trailers of one stream, up to END_STREAM; windows are not returned.</summary>
    public async Task<(byte[] Body, Dictionary<string, string> Trailers)> ReadResponseAsync(int streamId)
    {
        var body = new List<byte>();
        while (true)
        {
            var frame = await ReadAsync(frame => frame.StreamId == streamId && frame.Type is Http2FrameType.Data or Http2FrameType.Headers or Http2FrameType.RstStream);
            Assert.NotEqual(Http2FrameType.RstStream, frame.Type);
            if (frame.Type == Http2FrameType.Data)
            {
                body.AddRange(frame.Payload);
            }

            if (frame.EndStream)
            {
                return ([.. body], frame.Type == Http2FrameType.Headers ? Block.Decode(frame.Payload) : []);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }
}
