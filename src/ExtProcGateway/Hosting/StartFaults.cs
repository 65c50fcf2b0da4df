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
        var missing = MissingCertificateFiles("--cert-path", options.SecureServing ? options.CertPath : null);
        var ports = options.Listen.Select(own => OfPort($"--listen {own.Key}", own.Value))
            .Prepend(OfPort("--grpc-health-port", options.HealthPort))
            .Prepend(OfPort("--grpc-port", options.GrpcPort));
        return missing.Concat(ports.OfType<string>());
    }

    /// <summary>What keeps the metrics port from being served, one line each.</summary>
    public static IEnumerable<string> OfMetrics(OperatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (OfPort("--metrics-port", options.MetricsPort) is { } taken)
        {
            yield return taken;
        }

        foreach (var missing in MissingCertificateFiles("--metrics-cert-dir", options.MetricsCertDir))
        {
            yield return missing;
        }

        if (options.MetricsClientCaFile is { } file && !File.Exists(file))
        {
            yield return $"--metrics-client-ca-file: there is no {file}";
        }
    }

    /// <summary>Null where the port is free (or is to be a free one, 0); else that it is taken.</summary>
    public static string? OfPort(string flag, int port) => port != 0 && IsTaken(port) ? $"{flag}: port {port} is taken by another process" : null;

    private static IEnumerable<string> MissingCertificateFiles(string flag, string? folder) =>
        folder is null
            ? []
            : CertificateFiles.Select(file => Path.Combine(folder, file)).Where(file => !File.Exists(file)).Select(file => $"{flag}: there is no {file}");

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
