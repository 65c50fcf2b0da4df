using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>One connection of a socket that speaks ZMTP 3.x without security, as ZeroMQ's do over TCP.</summary>
/// <remarks>For one user at a time. A message and the connection's buffers are bounded by <paramref name="largestMessage"/>; an idle connection keeps 4 KiB.</remarks>
/// <param name="stream">Connected; disposed of by its owner.</param>
/// <param name="socketType">What this side is: <c>SUB</c>, <c>DEALER</c>.</param>
/// <param name="largestMessage">Bytes of the frames of a message at most.</param>
internal sealed class ZmtpConnection(Stream stream, string socketType, int largestMessage) : IDisposable
{
    private const int SmallestBuffer = 4096;
    private const int MostFrames = 8;

    private readonly List<Range> _frames = new(MostFrames);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
    private int _start;
    private int _end;
    private int _minorVersion;

    /// <summary>Frames of the last message that was received; valid until the next.</summary>
    public int FrameCount => _frames.Count;

    /// <summary>A frame of the last message.</summary>
    public ReadOnlyMemory<byte> Frame(int index) => _buffer.AsMemory(_frames[index]);

    /// <summary>Greets, and agrees on what either side is.</summary>
    /// <param name="peers">What the other side may be.</param>
    /// <exception cref="IOException">The connection broke, or the other side is something else.</exception>
    public async Task OpenAsync(string[] peers, CancellationToken cancellation)
    {
        await stream.WriteAsync(ZmtpGreeting.Write(), cancellation).ConfigureAwait(false);
        await FillAsync(ZmtpGreeting.Size, cancellation).ConfigureAwait(false);
        _minorVersion = ZmtpGreeting.Read(_buffer.AsSpan(_start, ZmtpGreeting.Size));
        _start += ZmtpGreeting.Size;
        await SendCommandAsync([.. Named("READY"), .. Named("Socket-Type"), 0, 0, 0, (byte)socketType.Length, .. Encoding.ASCII.GetBytes(socketType)], cancellation).ConfigureAwait(false);
        var ready = await ReadFrameAsync(0, cancellation).ConfigureAwait(false);
        var peer = ready.IsCommand ? PeerType(Content(ready)) : throw new ZmtpException("a message came before READY");
        if (!peers.Contains(peer))
        {
            throw new ZmtpException($"a {string.Join(" or ", peers)} socket is expected, not '{peer}'");
        }

        _start += ready.Size;
    }

    /// <summary>Asks for messages whose first frame begins with a topic.</summary>
    public Task SubscribeAsync(string topic, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(topic);
        return _minorVersion > 0
            ? SendCommandAsync([.. Named("SUBSCRIBE"), .. bytes], cancellation)
            : SendAsync([[1, .. bytes]], cancellation);
    }

    /// <summary>Sends a message.</summary>
    public async Task SendAsync(byte[][] frames, CancellationToken cancellation)
    {
        for (var i = 0; i < frames.Length; i++)
        {
            await SendFrameAsync(frames[i], i < frames.Length - 1, isCommand: false, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Receives the next message; answers what the other side asks in between.</summary>
    /// <exception cref="IOException">The connection broke or ended, or what came is no message of an allowed size.</exception>
    public async Task ReceiveAsync(CancellationToken cancellation)
    {
        _frames.Clear();
        Shrink();
        var ahead = 0;
        while (true)
        {
            var frame = await ReadFrameAsync(ahead, cancellation).ConfigureAwait(false);
            if (frame.IsCommand)
            {
                if (ahead > 0)
                {
                    throw new ZmtpException("a command came within a message");
                }

                await AnswerAsync(Content(frame).ToArray(), cancellation).ConfigureAwait(false);
                _start += frame.Size;
                continue;
            }

            if (_frames.Count == MostFrames)
            {
                throw new ZmtpException($"a message of more than {MostFrames} frames");
            }

            // Counted from the message's begin: the buffer may move until all of it is there.
            _frames.Add((ahead + frame.Offset)..(ahead + frame.Size));
            ahead += frame.Size;
            if (!frame.HasMore)
            {
                for (var i = 0; i < _frames.Count; i++)
                {
                    _frames[i] = (_frames[i].Start.Value + _start)..(_frames[i].End.Value + _start);
                }

                _start += ahead;
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static byte[] Named(string name) => [(byte)name.Length, .. Encoding.ASCII.GetBytes(name)];

    /// <summary>What the other side says to be in its READY.</summary>
    private static string PeerType(ReadOnlySpan<byte> command)
    {
        if (!command.StartsWith("\u0005READY"u8))
        {
            throw new ZmtpException(command.StartsWith("\u0005ERROR"u8) ? $"the publisher refuses: {Encoding.UTF8.GetString(command[6..])}" : "READY is expected");
        }

        command = command[6..];
        while (command.Length > 0)
        {
            var name = command[0];
            if (command.Length < name + 5)
            {
                break;
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(command[(name + 1)..]);
            if (length > command.Length - name - 5)
            {
                break;
            }

            var value = command.Slice(name + 5, (int)length);
            if (Ascii.EqualsIgnoreCase(command.Slice(1, name), "Socket-Type"u8))
            {
                return Encoding.ASCII.GetString(value);
            }

            command = command[(name + 5 + (int)length)..];
        }

        return "";
    }

    private ReadOnlySpan<byte> Content(in ZmtpFrame frame) => _buffer.AsSpan(_start + frame.Offset, frame.Length);

    /// <summary>A heartbeat is answered with its own context, behind two bytes of time to live; other commands mean nothing here.</summary>
    private Task AnswerAsync(byte[] command, CancellationToken cancellation)
    {
        const int Context = 7;
        return command.AsSpan().StartsWith("\u0004PING"u8) && command.Length >= Context
            ? SendCommandAsync([.. Named("PONG"), .. command.AsSpan(Context)], cancellation)
            : Task.CompletedTask;
    }

    private Task SendCommandAsync(byte[] command, CancellationToken cancellation) => SendFrameAsync(command, hasMore: false, isCommand: true, cancellation);

    private async Task SendFrameAsync(byte[] content, bool hasMore, bool isCommand, CancellationToken cancellation)
    {
        var frame = new byte[ZmtpFrame.LongestHeader + content.Length];
        var head = ZmtpFrame.WriteHead(frame, content.Length, hasMore, isCommand);
        content.CopyTo(frame, head);
        await stream.WriteAsync(frame.AsMemory(0, head + content.Length), cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits for a frame as a whole.</summary>
    /// <param name="ahead">Bytes of frames before it that are still to be kept.</param>
    private async Task<ZmtpFrame> ReadFrameAsync(int ahead, CancellationToken cancellation)
    {
        ZmtpFrame frame;
        while (!ZmtpFrame.TryRead(_buffer.AsSpan(_start + ahead, _end - _start - ahead), Math.Max(0, largestMessage - ahead), out frame))
        {
            await FillAsync(_end - _start + 1, cancellation).ConfigureAwait(false);
        }

        await FillAsync(ahead + frame.Size, cancellation).ConfigureAwait(false);
        return frame;
    }

    /// <summary>Reads until so many bytes are there. The buffer grows with what has come, not with what is announced.</summary>
    private async Task FillAsync(int count, CancellationToken cancellation)
    {
        while (_end - _start < count)
        {
            if (_end == _buffer.Length)
            {
                MakeRoom();
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
            _end += read > 0 ? read : throw new EndOfStreamException("the connection was closed");
        }
    }

    private void MakeRoom()
    {
        var buffer = _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
        Buffer.BlockCopy(_buffer, _start, buffer, 0, _end - _start);
        if (buffer != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = buffer;
        }

        (_start, _end) = (0, _end - _start);
    }

    /// <summary>A large buffer is given back when nothing is in it.</summary>
    private void Shrink()
    {
        if (_start < _end)
        {
            return;
        }

        (_start, _end) = (0, 0);
        if (_buffer.Length > 16 * SmallestBuffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
        }
    }
}
