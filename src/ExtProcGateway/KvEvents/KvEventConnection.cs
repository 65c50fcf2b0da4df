using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>A ZMTP connection over TCP.</summary>
internal sealed class KvEventConnection : IDisposable
{
    /// <summary>Bytes of a message at most: a batch for some million tokens.</summary>
    private const int LargestMessage = 64 * 1024 * 1024;

    /// <summary>How long connecting and greeting may take.</summary>
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(5);

    private readonly NetworkStream _stream;

    private KvEventConnection(NetworkStream stream, string socketType)
    {
        _stream = stream;
        Zmtp = new ZmtpConnection(stream, socketType, LargestMessage);
    }

    /// <summary>What is spoken over it.</summary>
    public ZmtpConnection Zmtp { get; }

    /// <summary>Connects and greets.</summary>
    /// <param name="socketType">What this side is.</param>
    /// <param name="peers">What the other side may be.</param>
    /// <exception cref="IOException">Nobody answers as is expected, or not in time.</exception>
    public static async Task<KvEventConnection> OpenAsync(IPEndPoint address, string socketType, string[] peers, TimeProvider time, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(OpenTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        KvEventConnection? connection = null;
        try
        {
            // A publisher that is silent may be gone without a word.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            await socket.ConnectAsync(address, either.Token).ConfigureAwait(false);
            connection = new KvEventConnection(new NetworkStream(socket, ownsSocket: true), socketType);
            await connection.Zmtp.OpenAsync(peers, either.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            socket.Dispose();
            throw failure switch
            {
                OperationCanceledException when timeout.IsCancellationRequested && !cancellation.IsCancellationRequested => new IOException("no answer in time", failure),
                SocketException => new IOException(failure.Message, failure),
                _ => failure is OperationCanceledException ? new OperationCanceledException(cancellation) : failure,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        Zmtp.Dispose();
    }
}
