using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>A connection within TLS. Whatever would wait goes on on the thread pool, and is looked after at the next call.</summary>
internal sealed class TlsLink(IPEndPoint server, ScrapeTls tls) : IScrapeLink
{
    // A TLS record holds at most 16 KiB, and a read gives no more than one.
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Socket? _socket;
    private Task<SslStream>? _opening;
    private Task? _writing;
    private Task<int>? _reading;
    private ReadOnlyMemory<byte> _unread;
    private SslPolicyErrors _distrust;

    /// <inheritdoc/>
    public ScrapeHealth Fault { get; private set; }

    /// <inheritdoc/>
    public LinkProgress Send(ReadOnlyMemory<byte> bytes, out int sent)
    {
        sent = 0;
        if (!IsDone(_opening ??= OpenAsync(), out var failed))
        {
            return failed;
        }

        if (!IsDone(_writing ??= _opening.Result.WriteAsync(bytes).AsTask(), out failed))
        {
            return failed;
        }

        _writing = null;
        sent = bytes.Length;
        return LinkProgress.Done;
    }

    /// <inheritdoc/>
    public LinkProgress Receive(Span<byte> buffer, out int received)
    {
        received = 0;
        if (_unread.IsEmpty)
        {
            if (!IsDone(_reading ??= _opening!.Result.ReadAsync(_buffer).AsTask(), out var failed))
            {
                return failed;
            }

            _unread = _buffer.AsMemory(0, _reading.Result);
            _reading = null;
        }

        received = Math.Min(buffer.Length, _unread.Length);
        _unread.Span[..received].CopyTo(buffer);
        _unread = _unread[received..];
        return LinkProgress.Done;
    }

    /// <inheritdoc/>
    /// <remarks>What is under way fails with it.</remarks>
    public void Dispose()
    {
        _socket?.Dispose();
        if (_opening is { IsCompletedSuccessfully: true })
        {
            _opening.Result.Dispose();
        }
    }

    private async Task<SslStream> OpenAsync()
    {
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _socket.ConnectAsync(server).ConfigureAwait(false);
        var stream = new SslStream(new NetworkStream(_socket), leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(tls.OptionsFor(server, errors => _distrust = errors)).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private bool IsDone(Task step, [NotNullWhen(false)] out LinkProgress progress)
    {
        // Whether the step is over is asked once and first: it may end between two looks.
        progress = step switch
        {
            { IsCompleted: false } => LinkProgress.Pending,
            { IsCompletedSuccessfully: true } => LinkProgress.Done,
            _ => Failed(step.Exception?.GetBaseException()),
        };
        return progress == LinkProgress.Done;
    }

    private LinkProgress Failed(Exception? exception)
    {
        var isOpen = _opening is { IsCompletedSuccessfully: true };
        Fault = exception switch
        {
            SocketException socket => new ScrapeHealth(isOpen ? ScrapeFailure.Reset : ScrapeFailure.Connect, (int)socket.SocketErrorCode),
            AuthenticationException or IOException when !isOpen => new ScrapeHealth(ScrapeFailure.Tls, (int)_distrust),
            _ => new ScrapeHealth(ScrapeFailure.Reset),
        };
        return LinkProgress.Failed;
    }
}
