using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>HTTP/2 frames over a socket of its own: read one by one, written into a buffer that is sent in one go.</summary>
/// <remarks>One thread reads; whoever writes holds <see cref="Lock"/>.</remarks>
internal sealed class FrameConnection : IDisposable
{
    /// <summary>Largest payload of a frame.</summary>
    public const int MaxFrame = 16_384;

    private const int FrameHeader = 9;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly LoadResult _result;
    private byte[] _output = new byte[1 << 16];
    private int _outputLength;

    public FrameConnection(EndPoint target, LoadResult result)
    {
        _result = result;
        _socket.Connect(target);
        Put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);

        // Answers may come as fast as they can: 16 MiB for a stream, 1 GiB for the connection.
        PutFrame(4, 0, 0, [0, 4, 1, 0, 0, 0]);
        PutFrame(8, 0, 0, [0x3f, 0xff, 0, 0]);
        Flush();
    }

    /// <summary>Guards the connection and all that belongs to it.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Reads until the connection is closed.</summary>
    public void ReadLoop(IFrameReceiver receiver)
    {
        var buffer = new byte[1 << 18];
        var filled = 0;
        while (true)
        {
            var read = Receive(buffer.AsSpan(filled));
            if (read == 0)
            {
                lock (Lock)
                {
                    receiver.OnLost();
                }

                return;
            }

            filled += read;
            lock (Lock)
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
                    receiver.OnFrame(buffer[at + 3], buffer[at + 4], stream, buffer.AsSpan(at + FrameHeader, length));
                    at += FrameHeader + length;
                }

                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
                Flush();
            }
        }
    }

    /// <summary>Adds a frame to what <see cref="Flush"/> sends.</summary>
    public void PutFrame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        Put(header);
        Put(payload);
    }

    /// <summary>Sends all frames that were put.</summary>
    public void Flush()
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

    public void Dispose() => _socket.Dispose();

    private int Receive(Span<byte> buffer)
    {
        try
        {
            return _socket.Receive(buffer);
        }
        catch (SocketException)
        {
            return 0;
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
}
