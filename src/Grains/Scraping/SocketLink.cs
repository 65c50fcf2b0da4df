using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>A plain connection: a socket that does not block.</summary>
internal sealed class SocketLink : IScrapeLink
{
    private readonly IPEndPoint _server;
    private Socket? _socket;
    private bool _isOpen;

    /// <summary>A link that is opened by the first sending.</summary>
    public SocketLink(IPEndPoint server) => _server = server;

    /// <inheritdoc/>
    public ScrapeHealth Fault { get; private set; }

    /// <inheritdoc/>
    public LinkProgress Send(ReadOnlyMemory<byte> bytes, out int sent)
    {
        sent = 0;
        if (_socket is null && !Connect())
        {
            return LinkProgress.Failed;
        }

        sent = _socket!.Send(bytes.Span, SocketFlags.None, out var error);
        if (error == SocketError.Success)
        {
            _isOpen = true;
            return LinkProgress.Done;
        }

        return Stopped(!_isOpen && error == SocketError.NotConnected ? PendingError(_socket) : error);
    }

    /// <inheritdoc/>
    public LinkProgress Receive(Span<byte> buffer, out int received)
    {
        received = _socket!.Receive(buffer, SocketFlags.None, out var error);
        return error == SocketError.Success ? LinkProgress.Done : Stopped(error);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private bool Connect()
    {
        try
        {
            _socket = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
            _socket.Connect(_server);
        }
        catch (SocketException exception) when (_socket is not null && IsPending(exception.SocketErrorCode))
        {
            // The handshake goes on by itself; sending tells when it is over.
        }
        catch (SocketException exception)
        {
            Fault = new ScrapeHealth(ScrapeFailure.Connect, (int)exception.SocketErrorCode);
            return false;
        }

        return true;
    }

    private LinkProgress Stopped(SocketError error)
    {
        if (IsPending(error))
        {
            return LinkProgress.Pending;
        }

        Fault = new ScrapeHealth(_isOpen ? ScrapeFailure.Reset : ScrapeFailure.Connect, (int)error);
        return LinkProgress.Failed;
    }

    /// <summary>Some systems answer a send on a socket that failed to connect with «not connected» and keep the reason apart.</summary>
    private static SocketError PendingError(Socket socket)
    {
        var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        return error == SocketError.Success ? SocketError.WouldBlock : error;
    }

    private static bool IsPending(SocketError error) =>
        error is SocketError.WouldBlock or SocketError.InProgress or SocketError.AlreadyInProgress;
}
