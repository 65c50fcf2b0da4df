using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>One HTTP/2 connection that plays Envoy: opens exchanges, answers with the response phase, resets each at its end.</summary>
/// <remarks>
/// Written by hand so that the client costs little beside the picker. Answers' header blocks are not decoded: what counts is in the messages. One lock
/// guards everything; one thread reads, one sends.
/// </remarks>
internal sealed class LoadConnection : IFrameReceiver, IDisposable
{
    private readonly FrameConnection _connection;
    private readonly FlowControl _flow;
    private readonly Dictionary<int, Exchange> _exchanges = [];
    private readonly ExchangeMessages _messages;
    private readonly Random _random;
    private readonly LoadResult _result;
    private readonly LoadPlan _plan;
    private readonly ChunkTally _chunks = new();
    private readonly byte[] _request;
    private readonly byte[] _headerBlock = RequestHead.Block();
    private int _nextStream = 1;
    private bool _closing;

    public LoadConnection(EndPoint target, ExchangeMessages messages, Random random, LoadResult result, LoadPlan plan)
    {
        _connection = new FrameConnection(target, result);
        _flow = new FlowControl(_connection, _exchanges);
        _messages = messages;
        _random = random;
        _result = result;
        _plan = plan;
        _request = new byte[messages.LargestRequest];
    }

    private Lock Lock => _connection.Lock;

    /// <summary>Reads until the connection is closed.</summary>
    public void ReadLoop() => _connection.ReadLoop(this);

    /// <summary>Opens exchanges and sends them in one go.</summary>
    public void Open(int count)
    {
        lock (Lock)
        {
            for (var i = 0; i < count; i++)
            {
                Open();
            }

            _connection.Flush();
        }
    }

    /// <summary>Sends the responses that were held.</summary>
    public void Respond()
    {
        lock (Lock)
        {
            foreach (var (stream, exchange) in _exchanges)
            {
                if (exchange.ResponseDue)
                {
                    BeginResponse(stream, exchange);
                }
            }

            _connection.Flush();
        }
    }

    /// <summary>Counts what is unanswered as failed and closes.</summary>
    public void Dispose()
    {
        lock (Lock)
        {
            _closing = true;
            _result.Failed(_exchanges.Values.Count(e => e.Measured), "no answer within the time");
            _result.Add(_chunks);
        }

        _connection.Dispose();
    }

    void IFrameReceiver.OnFrame(int type, int flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case 0:
                _flow.OnReceived(payload.Length);
                OnData(stream, payload);
                break;
            case 1 when (flags & 1) != 0:
                EndedByPicker(stream, "ended by the picker");
                break;
            case 3:
                EndedByPicker(stream, "reset by the picker");
                break;
            case 4 when (flags & 1) == 0:
                _flow.OnSettings(payload);
                break;
            case 6 when (flags & 1) == 0:
                _connection.PutFrame(6, 1, 0, payload);
                break;
            case 7:
                _result.Note("GOAWAY");
                break;
            case 8:
                _flow.OnWindow(stream, BinaryPrimitives.ReadInt32BigEndian(payload));
                break;
        }
    }

    void IFrameReceiver.OnLost()
    {
        if (!_closing)
        {
            _result.Failed(_exchanges.Values.Count(e => e.Measured), "connection lost");
            _exchanges.Clear();
        }
    }

    private void Open()
    {
        var id = _nextStream;
        _nextStream += 2;
        var now = Stopwatch.GetTimestamp();
        var exchange = new Exchange { SentAt = now, Measured = _plan.Measures(now), Window = _flow.StreamWindow };
        _exchanges.Add(id, exchange);
        var length = _messages.WriteRequest(_random, ((long)GetHashCode() << 32) | (uint)id, _request);
        _connection.PutFrame(1, 4, id, _headerBlock);
        _flow.Send(id, exchange, _request.AsSpan(0, length));
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
            if (EndsStream(requestBody) && !exchange.ResponseSent && !exchange.ResponseDue)
            {
                OnRequestAnswered(stream, exchange);
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

            OnChunkAnswered(stream, exchange);
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

    private void OnRequestAnswered(int stream, Exchange exchange)
    {
        if (_plan.Held)
        {
            exchange.ResponseDue = true;
            _result.Held();
        }
        else
        {
            BeginResponse(stream, exchange);
        }
    }

    private void BeginResponse(int stream, Exchange exchange)
    {
        exchange.ResponseDue = false;
        exchange.ResponseSent = true;
        if (_plan.Chunks == 0)
        {
            _flow.Send(stream, exchange, _messages.Response);
            return;
        }

        exchange.ChunksLeft = _plan.Chunks;
        _flow.Send(stream, exchange, _messages.StreamHeaders);
        do
        {
            SendChunk(stream, exchange);
        }
        while (_plan.AtOnce && exchange.ChunksLeft > 0);
    }

    private void SendChunk(int stream, Exchange exchange)
    {
        exchange.ChunkSentAt = Stopwatch.GetTimestamp();
        exchange.ChunksLeft--;
        _flow.Send(stream, exchange, exchange.ChunksLeft > 0 ? _messages.Chunk : _messages.LastChunk);
    }

    private void OnChunkAnswered(int stream, Exchange exchange)
    {
        if (_plan.Chunks == 0)
        {
            return; // a piece of a response that is no stream
        }

        var now = Stopwatch.GetTimestamp();
        if (_plan.Measures(now))
        {
            _chunks.Answered(Stopwatch.GetElapsedTime(exchange.ChunkSentAt, now).TotalMilliseconds);
        }

        if (exchange.ChunksLeft > 0)
        {
            SendChunk(stream, exchange);
        }
    }

    private void End(int stream)
    {
        _connection.PutFrame(3, 0, stream, [0, 0, 0, 8]); // CANCEL, as Envoy ends a stream
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
        if (_plan.ClosedLoop && !_closing && Stopwatch.GetTimestamp() < _plan.Until)
        {
            Open();
        }
    }
}
