using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>One HTTP/2 connection that plays Envoy: opens exchanges, answers with the response phase, resets each at its end.</summary>
/// <remarks>
/// Written by hand so that the client costs little beside the picker. Answers' header blocks are not decoded: what counts is in the messages. One lock
/// guards everything; one thread reads, one sends.
/// </remarks>
internal sealed class LoadConnection : IDisposable
{
    private const int FrameHeader = 9;
    private const int MaxFrame = 16_384;

    private readonly Lock _lock = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Dictionary<int, Exchange> _exchanges = [];
    private readonly ExchangeMessages _messages;
    private readonly Random _random;
    private readonly LoadResult _result;
    private readonly byte[] _request;
    private readonly byte[] _headerBlock;
    private readonly long _measureFrom;
    private readonly long _measureUntil;
    private readonly bool _closedLoop;
    private byte[] _output = new byte[1 << 16];
    private int _outputLength;
    private int _nextStream = 1;
    private long _connectionWindow = 65_535;
    private int _streamWindow = 65_535;
    private int _unacknowledged;
    private bool _closing;

    public LoadConnection(EndPoint target, ExchangeMessages messages, Random random, LoadResult result, long measureFrom, long measureUntil, bool closedLoop)
    {
        _messages = messages;
        _random = random;
        _result = result;
        _measureFrom = measureFrom;
        _measureUntil = measureUntil;
        _closedLoop = closedLoop;
        _request = new byte[messages.LargestRequest];
        _headerBlock = HeaderBlock();
        _socket.Connect(target);
        Put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);

        // Answers may come as fast as they can: 16 MiB for a stream, 1 GiB for the connection.
        PutFrame(4, 0, 0, [0, 4, 1, 0, 0, 0]);
        PutFrame(8, 0, 0, [0x3f, 0xff, 0, 0]);
        Flush();
    }

    /// <summary>Reads until the connection is closed.</summary>
    public void ReadLoop()
    {
        var buffer = new byte[1 << 18];
        var filled = 0;
        while (true)
        {
            int read;
            try
            {
                read = _socket.Receive(buffer.AsSpan(filled));
            }
            catch (SocketException)
            {
                read = 0;
            }

            if (read == 0)
            {
                Lost();
                return;
            }

            filled += read;
            lock (_lock)
            {
                var at = 0;
                while (filled - at >= FrameHeader)
                {
                    var length = (buffer[at] << 16) | (buffer[at + 1] << 8) | buffer[at + 2];
                    if (filled - at < FrameHeader + length)
                    {
                        break;
                    }

                    var stream = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at + 5)) & int.MaxValue;
                    OnFrame(buffer[at + 3], buffer[at + 4], stream, buffer.AsSpan(at + FrameHeader, length));
                    at += FrameHeader + length;
                }

                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
                Flush();
            }
        }
    }

    /// <summary>Opens exchanges and sends them in one go.</summary>
    public void Open(int count)
    {
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
            {
                Open();
            }

            Flush();
        }
    }

    /// <summary>Counts what is unanswered as failed and closes.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closing = true;
            _result.Failed(_exchanges.Values.Count(e => e.Measured), "no answer within the time");
        }

        _socket.Dispose();
    }

    private void Open()
    {
        var id = _nextStream;
        _nextStream += 2;
        var now = Stopwatch.GetTimestamp();
        var exchange = new Exchange { SentAt = now, Measured = now >= _measureFrom && now < _measureUntil, Window = _streamWindow };
        _exchanges.Add(id, exchange);
        var length = _messages.WriteRequest(_random, ((long)GetHashCode() << 32) | (uint)id, _request);
        PutFrame(1, 4, id, _headerBlock);
        Send(id, exchange, _request.AsSpan(0, length));
    }

    private void OnFrame(int type, int flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case 0:
                _unacknowledged += payload.Length;
                if (_unacknowledged > 1 << 20)
                {
                    Span<byte> update = stackalloc byte[4];
                    BinaryPrimitives.WriteInt32BigEndian(update, _unacknowledged);
                    PutFrame(8, 0, 0, update);
                    _unacknowledged = 0;
                }

                OnData(stream, payload);
                break;
            case 1 when (flags & 1) != 0:
                EndedByPicker(stream, "ended by the picker");
                break;
            case 3:
                EndedByPicker(stream, "reset by the picker");
                break;
            case 4 when (flags & 1) == 0:
                OnSettings(payload);
                break;
            case 6 when (flags & 1) == 0:
                PutFrame(6, 1, 0, payload);
                break;
            case 7:
                _result.Note("GOAWAY");
                break;
            case 8:
                OnWindow(stream, BinaryPrimitives.ReadInt32BigEndian(payload));
                break;
        }
    }

    private void OnSettings(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(payload) == 4)
            {
                var window = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
                foreach (var exchange in _exchanges.Values)
                {
                    exchange.Window += window - _streamWindow;
                }

                _streamWindow = window;
            }
        }

        PutFrame(4, 1, 0, []);
        SendWaiting();
    }

    private void OnWindow(int stream, int increment)
    {
        if (stream == 0)
        {
            _connectionWindow += increment;
            SendWaiting();
        }
        else if (_exchanges.TryGetValue(stream, out var exchange))
        {
            exchange.Window += increment;
            SendWaiting(stream, exchange);
        }
    }

    private void OnData(int stream, ReadOnlySpan<byte> data)
    {
        if (!_exchanges.TryGetValue(stream, out var exchange))
        {
            return;
        }

        if (exchange.Partial.Count > 0)
        {
            exchange.Partial.AddRange(data);
            data = exchange.Partial.ToArray();
            exchange.Partial.Clear();
        }

        while (data.Length >= 5)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(data[1..]);
            if (data.Length < 5 + length)
            {
                break;
            }

            if (OnAnswer(stream, exchange, data.Slice(5, length)))
            {
                return;
            }

            data = data[(5 + length)..];
        }

        exchange.Partial.AddRange(data);
    }

    /// <summary>Reads one <c>ProcessingResponse</c>; true when the exchange is over.</summary>
    private bool OnAnswer(int stream, Exchange exchange, ReadOnlySpan<byte> message)
    {
        if (ProtoFields.TryFind(message, 1, out _))
        {
            exchange.DecisionMilliseconds = Stopwatch.GetElapsedTime(exchange.SentAt).TotalMilliseconds;
        }
        else if (ProtoFields.TryFind(message, 3, out var requestBody))
        {
            if (EndsStream(requestBody) && !exchange.ResponseSent)
            {
                exchange.ResponseSent = true;
                Send(stream, exchange, _messages.Response);
            }
        }
        else if (ProtoFields.TryFind(message, 4, out var responseBody))
        {
            if (EndsStream(responseBody))
            {
                if (exchange.Measured)
                {
                    _result.Succeeded(exchange.DecisionMilliseconds);
                }

                End(stream);
                return true;
            }
        }
        else if (ProtoFields.TryFind(message, 7, out _))
        {
            _result.Failed(exchange.Measured ? 1 : 0, "refused");
            End(stream);
            return true;
        }

        return false;
    }

    private static bool EndsStream(ReadOnlySpan<byte> bodyResponse) =>
        ProtoFields.TryFind(bodyResponse, 1, out var common)
        && ProtoFields.TryFind(common, 3, out var mutation)
        && ProtoFields.TryFind(mutation, 3, out var streamed)
        && ProtoFields.Varint(streamed, 2) == 1;

    private void End(int stream)
    {
        PutFrame(3, 0, stream, [0, 0, 0, 8]); // CANCEL, as Envoy ends a stream
        _exchanges.Remove(stream);
        OpenNext();
    }

    private void EndedByPicker(int stream, string how)
    {
        if (_exchanges.Remove(stream, out var exchange))
        {
            _result.Failed(exchange.Measured ? 1 : 0, how);
            OpenNext();
        }
    }

    private void OpenNext()
    {
        if (_closedLoop && !_closing && Stopwatch.GetTimestamp() < _measureUntil)
        {
            Open();
        }
    }

    private void Send(int stream, Exchange exchange, ReadOnlySpan<byte> bytes)
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

    private int SendWhatFits(int stream, Exchange exchange, ReadOnlySpan<byte> bytes)
    {
        var sent = 0;
        while (sent < bytes.Length)
        {
            var size = (int)Math.Min(Math.Min(MaxFrame, bytes.Length - sent), Math.Min(exchange.Window, _connectionWindow));
            if (size <= 0)
            {
                break;
            }

            PutFrame(0, 0, stream, bytes.Slice(sent, size));
            sent += size;
            exchange.Window -= size;
            _connectionWindow -= size;
        }

        return sent;
    }

    private void SendWaiting()
    {
        foreach (var (stream, exchange) in _exchanges)
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

    private void Lost()
    {
        lock (_lock)
        {
            if (!_closing)
            {
                _result.Failed(_exchanges.Values.Count(e => e.Measured), "connection lost");
                _exchanges.Clear();
            }
        }
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (_output.Length - _outputLength < bytes.Length)
        {
            Array.Resize(ref _output, Math.Max(_output.Length * 2, _outputLength + bytes.Length));
        }

        bytes.CopyTo(_output.AsSpan(_outputLength));
        _outputLength += bytes.Length;
    }

    private void PutFrame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        Put(header);
        Put(payload);
    }

    private void Flush()
    {
        if (_outputLength == 0)
        {
            return;
        }

        try
        {
            for (var sent = 0; sent < _outputLength;)
            {
                sent += _socket.Send(_output.AsSpan(sent, _outputLength - sent));
            }
        }
        catch (SocketException e)
        {
            _result.Note(e.SocketErrorCode.ToString());
        }
        catch (ObjectDisposedException)
        {
            // closed at the end of the run: what was under way has been counted
        }

        _outputLength = 0;
    }

    /// <summary>The request's headers as literals that enter no table, so that the block is the same for every stream.</summary>
    private static byte[] HeaderBlock()
    {
        var block = new List<byte>();
        foreach (var (name, value) in new[]
        {
            (":method", "POST"), (":scheme", "http"), (":path", "/envoy.service.ext_proc.v3.ExternalProcessor/Process"), (":authority", "epp.default:9002"),
            ("te", "trailers"), ("content-type", "application/grpc"), ("x-envoy-internal", "true"),
        })
        {
            block.Add(0x10); // literal, never indexed, new name
            block.Add((byte)name.Length);
            block.AddRange(Encoding.ASCII.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.ASCII.GetBytes(value));
        }

        return [.. block];
    }
}
