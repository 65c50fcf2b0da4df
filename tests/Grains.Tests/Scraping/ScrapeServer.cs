using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Orleans.Inference.Grains.Tests.Scraping;

/// <summary>A server that answers each GET on a connection with whatever bytes the test wants.</summary>
internal sealed class ScrapeServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = [];
    private readonly Task _accepting;
    private readonly SslServerAuthenticationOptions? _tls;
    private int _accepted;

    /// <param name="tls">With what TLS is spoken; null for plain HTTP.</param>
    public ScrapeServer(Answer answer, int port = 0, SslServerAuthenticationOptions? tls = null)
    {
        Respond = answer;
        _tls = tls;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Writes the answer to one request.</summary>
    /// <param name="path">Path and query.</param>
    /// <returns>Whether the connection stays open.</returns>
    public delegate Task<bool> Answer(string path, Stream connection, CancellationToken stop);

    public Answer Respond { get; set; }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public ConcurrentQueue<string> Paths { get; } = [];

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections whose client has not closed them.</summary>
    public int Open => _connections.Count;

    /// <summary>A complete answer with its length.</summary>
    public static byte[] Ok(string body, string headers = "") =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Always the same bytes.</summary>
    public static Answer Always(byte[] bytes, bool keep = true) => async (_, connection, stop) =>
    {
        await connection.WriteAsync(bytes, stop);
        return keep;
    };

    public static Answer Always(string text, bool keep = true) => Always(Encoding.UTF8.GetBytes(text), keep);

    /// <summary>Closes what is connected now, from this side.</summary>
    public async Task DropConnectionsAsync()
    {
        foreach (var (socket, served) in _connections)
        {
            socket.Shutdown(SocketShutdown.Both);
            await served.WaitAsync(Bound);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.WaitAsync(Bound);
        await Task.WhenAll(_connections.Values).WaitAsync(Bound);
        _stop.Dispose();
    }

    private static TimeSpan Bound => TimeSpan.FromSeconds(60);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                var begin = new TaskCompletionSource();
                _connections[socket] = ServeAsync(socket, begin.Task);
                begin.SetResult();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket socket, Task begin)
    {
        await begin;
        try
        {
            await using var stream = await OpenAsync(new NetworkStream(socket, ownsSocket: true));
            while (await ReadPathAsync(stream) is { } path)
            {
                Paths.Enqueue(path);
                if (!await Respond(path, stream, _stop.Token))
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or AuthenticationException)
        {
        }
        finally
        {
            _connections.TryRemove(socket, out _);
        }
    }

    private async Task<Stream> OpenAsync(NetworkStream connection)
    {
        if (_tls is null)
        {
            return connection;
        }

        var stream = new SslStream(connection);
        try
        {
            await stream.AuthenticateAsServerAsync(_tls, _stop.Token);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task<string?> ReadPathAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]).Split(' ')[1];
    }
}
