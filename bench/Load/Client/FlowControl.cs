using System.Buffers.Binary;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>Sends the exchanges' bytes as far as the peer's windows allow, and the rest when they open.</summary>
/// <remarks>Under the connection's lock.</remarks>
internal sealed class FlowControl(FrameConnection connection, Dictionary<int, Exchange> exchanges)
{
    private const int InitialWindow = 65_535;

    private long _connectionWindow = InitialWindow;
    private int _streamWindow = InitialWindow;
    private int _unacknowledged;

    /// <summary>Window of a new stream.</summary>
    public int StreamWindow => _streamWindow;

    /// <summary>Sends bytes of an exchange, behind those that wait.</summary>
    public void Send(int stream, Exchange exchange, ReadOnlySpan<byte> bytes)
    {
        if (exchange.Unsent is { } waiting)
        {
            exchange.Unsent = [.. waiting.AsSpan(exchange.UnsentFrom), .. bytes];
            exchange.UnsentFrom = 0;
            return;
        }

        var sent = SendWhatFits(stream, exchange, bytes);
        if (sent < bytes.Length)
        {
            exchange.Unsent = bytes[sent..].ToArray();
            exchange.UnsentFrom = 0;
        }
    }

    /// <summary>The peer's settings.</summary>
    public void OnSettings(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(payload) == 4)
            {
                var window = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
                foreach (var exchange in exchanges.Values)
                {
                    exchange.Window += window - _streamWindow;
                }

                _streamWindow = window;
            }
        }

        connection.PutFrame(4, 1, 0, []);
        SendWaiting();
    }

    /// <summary>A window of the peer has opened.</summary>
    public void OnWindow(int stream, int increment)
    {
        if (stream == 0)
        {
            _connectionWindow += increment;
            SendWaiting();
        }
        else if (exchanges.TryGetValue(stream, out var exchange))
        {
            exchange.Window += increment;
            SendWaiting(stream, exchange);
        }
    }

    /// <summary>Bytes came: gives the connection's window back, a megabyte at a time. A stream's own is never used up.</summary>
    public void OnReceived(int length)
    {
        _unacknowledged += length;
        if (_unacknowledged > 1 << 20)
        {
            Span<byte> update = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(update, _unacknowledged);
            connection.PutFrame(8, 0, 0, update);
            _unacknowledged = 0;
        }
    }

    private int SendWhatFits(int stream, Exchange exchange, ReadOnlySpan<byte> bytes)
    {
        var sent = 0;
        while (sent < bytes.Length)
        {
            var size = (int)Math.Min(Math.Min(FrameConnection.MaxFrame, bytes.Length - sent), Math.Min(exchange.Window, _connectionWindow));
            if (size <= 0)
            {
                break;
            }

            connection.PutFrame(0, 0, stream, bytes.Slice(sent, size));
            sent += size;
            exchange.Window -= size;
            _connectionWindow -= size;
        }

        return sent;
    }

    private void SendWaiting()
    {
        foreach (var (stream, exchange) in exchanges)
        {
            SendWaiting(stream, exchange);
        }
    }

    private void SendWaiting(int stream, Exchange exchange)
    {
        if (exchange.Unsent is { } waiting)
        {
            exchange.UnsentFrom += SendWhatFits(stream, exchange, waiting.AsSpan(exchange.UnsentFrom));
            if (exchange.UnsentFrom == waiting.Length)
            {
                exchange.Unsent = null;
            }
        }
    }
}
