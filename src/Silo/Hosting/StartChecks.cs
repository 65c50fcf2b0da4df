using System.Net;
using System.Net.Sockets;
using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.Silo.Hosting;

/// <summary>What the flags can't tell by themselves: whether files are there and ports are free. All of it is found out before anything starts.</summary>
internal static class StartChecks
{
    private static readonly string[] CertificateFiles = ["tls.crt", "tls.key"];

    /// <summary>What keeps the silo from starting, one line each.</summary>
    public static List<string> FaultsOf(ProcessOptions options)
    {
        var faults = new List<string>();
        switch (options.Discovery.Manifests)
        {
            case null:
                faults.Add("--manifests must name a file or folder: pools can't be read from a Kubernetes API server in this version");
                break;
            case { } path when !File.Exists(path) && !Directory.Exists(path):
                faults.Add($"--manifests: there is no file or folder {path}");
                break;
        }

        if (options.CohostGateway && options.Gateway is { SecureServing: true, CertPath: { } folder })
        {
            faults.AddRange(CertificateFiles.Where(file => !File.Exists(Path.Combine(folder, file))).Select(file => $"--cert-path: there is no {Path.Combine(folder, file)}"));
        }

        faults.AddRange(PortsOf(options).Where(use => use.Port != 0 && IsTaken(use.Port)).Select(use => $"{use.Flag}: port {use.Port} is taken by another process"));
        return faults;
    }

    private static IEnumerable<(string Flag, int Port)> PortsOf(ProcessOptions options)
    {
        yield return ("--silo-port", options.Cluster.SiloPort);
        yield return ("--orleans-gateway-port", options.Cluster.OrleansGatewayPort);
        yield return ("--metrics-port", options.Operator.MetricsPort);
        yield return ("--dashboard-port", options.Operator.DashboardPort);
        if (!options.CohostGateway)
        {
            yield break;
        }

        yield return ("--grpc-port", options.Gateway.GrpcPort);
        yield return ("--grpc-health-port", options.Gateway.HealthPort);
        foreach (var (pool, port) in options.Gateway.Listen)
        {
            yield return ($"--listen {pool}", port);
        }
    }

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
