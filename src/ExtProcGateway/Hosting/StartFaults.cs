using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>What the flags can't tell by themselves: whether files are there and ports are free. Found out before anything starts.</summary>
public static class StartFaults
{
    private static readonly string[] CertificateFiles = ["tls.crt", "tls.key"];

    /// <summary>What keeps the ext_proc front-end from starting, one line each.</summary>
    public static IEnumerable<string> OfGateway(GatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var missing = options is { SecureServing: true, CertPath: { } folder }
            ? CertificateFiles.Select(file => Path.Combine(folder, file)).Where(file => !File.Exists(file)).Select(file => $"--cert-path: there is no {file}")
            : [];
        var ports = options.Listen.Select(own => OfPort($"--listen {own.Key}", own.Value))
            .Prepend(OfPort("--grpc-health-port", options.HealthPort))
            .Prepend(OfPort("--grpc-port", options.GrpcPort));
        return missing.Concat(ports.OfType<string>());
    }

    /// <summary>Null where the port is free (or is to be a free one, 0); else that it is taken.</summary>
    public static string? OfPort(string flag, int port) => port != 0 && IsTaken(port) ? $"{flag}: port {port} is taken by another process" : null;

    private static bool IsTaken(int port)
    {
        using var socket = Socket.OSSupportsIPv6
            ? new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true }
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
        catch (SocketException)
        {
            // Not to be known this way (a port below 1024, say); the start itself will tell.
            return false;
        }
    }
}
