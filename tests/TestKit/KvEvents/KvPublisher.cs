using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.Inference.TestKit.KvEvents;

/// <summary>A model server's publisher of KV-cache events in the test's own process: a PUB socket, and on demand the ROUTER socket that tells again.</summary>
public sealed class KvPublisher : IAsyncDisposable
{
    private readonly TcpListener _events;
    private readonly TcpListener? _replay;
    private readonly byte[] _topic;
    private readonly Lock _lock = new();
    private readonly List<(TcpClient Client, ZmtpPeer Peer)> _subscribers = [];
    private readonly List<Task> _running = [];
    private readonly List<(ulong Number, byte[] Batch)> _told = [];
    private readonly byte _minorVersion;
    private volatile bool _isStopped;

    /// <param name="events">Where it publishes.</param>
    /// <param name="replay">Where it tells again; null for nowhere.</param>
    /// <param name="topic">Of all its messages.</param>
    /// <param name="minorVersion">Of ZMTP 3.</param>
    public KvPublisher(IPEndPoint events, IPEndPoint? replay = null, string topic = "kv@10.0.0.1:8000@model", byte minorVersion = 1)
    {
        ArgumentNullException.ThrowIfNull(topic);
        _topic = Encoding.UTF8.GetBytes(topic);
        _minorVersion = minorVersion;
        _events = new TcpListener(events);
        _events.Start();
        _running.Add(AcceptAsync(_events, SubscribeAsync));
        if (replay is not null)
        {
            _replay = new TcpListener(replay);
            _replay.Start();
            _running.Add(AcceptAsync(_replay, TellAgainAsync));
        }
    }

    /// <summary>Where it publishes.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_events.LocalEndpoint;

    /// <summary>Where it tells again.</summary>
    public IPEndPoint? ReplayEndPoint => (IPEndPoint?)_replay?.LocalEndpoint;

    /// <summary>Number of the next batch.</summary>
    public ulong Next { get; set; }

    /// <summary>Those that have subscribed and are connected.</summary>
    public int Subscribers
    {
        get
        {
            lock (_lock)
            {
                return _subscribers.Count;
            }
        }
    }

    /// <summary>Starting numbers that were asked to be told again.</summary>
    public List<ulong> Asked { get; } = [];

    /// <summary>Waits for the subscriber.</summary>
    public Task AwaitSubscriberAsync() => Bounds.UntilAsync(() => Subscribers > 0, "somebody subscribes to the events");

    /// <summary>Publishes a batch.</summary>
    public async Task PublishAsync(byte[] batch)
    {
        var number = Next++;
        lock (_lock)
        {
            _told.Add((number, batch));
        }

        await SendAsync(_topic, Number(number), batch);
    }

    /// <summary>Makes a batch that nobody is sent, as if it were lost.</summary>
    public void Lose(byte[] batch)
    {
        lock (_lock)
        {
            _told.Add((Next++, batch));
        }
    }

    /// <summary>Is started anew, with the same sockets.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _told.Clear();
            Next = 0;
        }
    }

    /// <summary>Sends frames as they are.</summary>
    public async Task SendAsync(params byte[][] frames)
    {
        List<(TcpClient Client, ZmtpPeer Peer)> subscribers;
        lock (_lock)
        {
            subscribers = [.. _subscribers];
        }

        foreach (var (_, peer) in subscribers)
        {
            await peer.SendMessageAsync(frames);
        }
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendRawAsync(byte[] bytes)
    {
        List<(TcpClient Client, ZmtpPeer Peer)> subscribers;
        lock (_lock)
        {
            subscribers = [.. _subscribers];
        }

        foreach (var (client, _) in subscribers)
        {
            await client.GetStream().WriteAsync(bytes);
        }
    }

    /// <summary>Closes the connections of all subscribers; they may come again.</summary>
    public void Disconnect()
    {
        lock (_lock)
        {
            foreach (var (client, _) in _subscribers)
            {
                client.Dispose();
            }

            _subscribers.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isStopped = true;
        _events.Dispose();
        _replay?.Dispose();
        Disconnect();
        await Task.WhenAll(_running);
    }

    private static byte[] Number(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    private async Task AcceptAsync(TcpListener listener, Func<TcpClient, Task> serve)
    {
        while (!_isStopped)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync();
                _ = serve(client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task SubscribeAsync(TcpClient client)
    {
        try
        {
            var peer = new ZmtpPeer(client.GetStream(), "PUB", _minorVersion);
            await peer.OpenAsync();
            var (flags, wanted) = await peer.ReadAsync();
            byte[] expected = _minorVersion > 0 ? [9, .. "SUBSCRIBE"u8] : [1];
            if (flags == (_minorVersion > 0 ? 4 : 0) && wanted.AsSpan().StartsWith(expected) && _topic.AsSpan().StartsWith(wanted.AsSpan(expected.Length)))
            {
                lock (_lock)
                {
                    _subscribers.Add((client, peer));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            client.Dispose();
        }
    }

    /// <summary>As vLLM answers: the delimiter, topic, number and batch of each, and at the end the number -1 with nothing.</summary>
    private async Task TellAgainAsync(TcpClient client)
    {
        try
        {
            using var owned = client;
            var peer = new ZmtpPeer(client.GetStream(), "ROUTER", _minorVersion);
            await peer.OpenAsync();
            await peer.ReadAsync();
            var from = BinaryPrimitives.ReadUInt64BigEndian((await peer.ReadAsync()).Content);
            List<(ulong Number, byte[] Batch)> told;
            lock (_lock)
            {
                Asked.Add(from);
                told = [.. _told.Where(batch => batch.Number >= from)];
            }

            foreach (var (number, batch) in told)
            {
                await peer.SendMessageAsync([], _topic, Number(number), batch);
            }

            await peer.SendMessageAsync([], _topic, Number(ulong.MaxValue), []);
            await peer.ReadAsync(); // until the other side has read it all
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            client.Dispose();
        }
    }
}
