using System.Buffers.Binary;
using System.Text;

namespace Orleans.Inference.TestKit.KvEvents;

/// <summary>The far side of a ZMTP 3.x connection, as plainly as can be: what a ZeroMQ socket of some type does, over a stream.</summary>
public sealed class ZmtpPeer(Stream stream, string socketType, byte minorVersion = 1)
{
    /// <summary>Greets, and agrees on what either side is.</summary>
    /// <returns>The other side's socket type.</returns>
    public async Task<string> OpenAsync()
    {
        var greeting = new byte[64];
        (greeting[0], greeting[9], greeting[10], greeting[11]) = (0xff, 0x7f, 3, minorVersion);
        "NULL"u8.CopyTo(greeting.AsSpan(12));
        await stream.WriteAsync(greeting);
        await stream.ReadExactlyAsync(greeting);
        await SendAsync(4, [5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, (byte)socketType.Length, .. Encoding.ASCII.GetBytes(socketType), 8, .. "Identity"u8, 0, 0, 0, 0]);
        var (flags, ready) = await ReadAsync();
        return flags == 4 ? Encoding.ASCII.GetString(ready.AsSpan(6 + 12 + 4)) : "";
    }

    /// <summary>Reads a frame.</summary>
    public async Task<(byte Flags, byte[] Content)> ReadAsync()
    {
        var head = new byte[9];
        await stream.ReadExactlyAsync(head.AsMemory(0, 2));
        var length = (int)head[1];
        if ((head[0] & 2) != 0)
        {
            await stream.ReadExactlyAsync(head.AsMemory(2));
            length = (int)BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(1));
        }

        var content = new byte[length];
        await stream.ReadExactlyAsync(content);
        return (head[0], content);
    }

    /// <summary>Sends a message.</summary>
    public async Task SendMessageAsync(params byte[][] frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        for (var i = 0; i < frames.Length; i++)
        {
            await SendAsync(i < frames.Length - 1 ? (byte)1 : (byte)0, frames[i]);
        }
    }

    /// <summary>Sends a frame; a long one gets the flag of such.</summary>
    public async Task SendAsync(byte flags, byte[] content) => await stream.WriteAsync(Frame(flags, content));

    /// <summary>Bytes of a frame; a long one gets the flag of such.</summary>
    public static byte[] Frame(byte flags, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Length <= byte.MaxValue)
        {
            return [flags, (byte)content.Length, .. content];
        }

        var length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, content.Length);
        return [(byte)(flags | 2), .. length, .. content];
    }
}
