using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.TestKit;

/// <summary>Addresses and ports that nobody else uses.</summary>
public static class Loopback
{
    // Below the range from which Linux takes the ports of outgoing connections, so that none of those gets in between.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private static readonly Lock Lock = new();
    private static int _port = FirstPort + (Environment.ProcessId * 97 % (LastPort - FirstPort));
    private static int _block = Environment.ProcessId * 13;

    /// <summary>A port of 127.0.0.1 that is free now and that no other caller in this process gets.</summary>
    public static int FreePort()
    {
        lock (Lock)
        {
            for (var attempt = FirstPort; attempt < LastPort; attempt++)
            {
                _port = _port + 1 < LastPort ? _port + 1 : FirstPort;
                if (IsFree(_port))
                {
                    return _port;
                }
            }
        }

        throw new InvalidOperationException("There is no free port.");
    }

    /// <summary>First of 250 addresses of the loopback network (Linux has all of them), most likely used by nobody else.</summary>
    public static IPAddress FreeAddressBlock()
    {
        lock (Lock)
        {
            // 127.64.0.0 to 127.127.255.0: out of the way of what people start by hand.
            _block = (_block + 1) & 0x3fff;
            return new IPAddress([127, (byte)(64 + (_block >> 8)), (byte)_block, 1]);
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
