using System.Net;
using System.Net.Sockets;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Silo.Hosting;
using Orleans.Inference.Silo.Tests.Discovery;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Silo.Tests.Hosting;

public sealed class StartChecksTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void FaultsOf_EverythingThere_AreNone() => Assert.Empty(StartChecks.FaultsOf(Options()));

    [Fact]
    public void FaultsOf_MissingFilesAndTakenPorts_AreAllTold()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var options = Options();
        options.Discovery.Manifests = _folder.PathOf("none");
        options.Gateway.CertPath = _folder.Path;
        options.Gateway.GrpcPort = port;
        options.Gateway.Listen.Add("a/b", port);
        options.Operator.MetricsPort = port;
        options.Operator.MetricsCertDir = _folder.Path;
        options.Operator.MetricsClientCaFile = _folder.PathOf("ca.crt");
        _folder.Write("tls.crt", "");

        Assert.Equal(
        [
            $"--manifests: there is no file or folder {_folder.PathOf("none")}",
            $"--metrics-port: port {port} is taken by another process",
            $"--metrics-cert-dir: there is no {_folder.PathOf("tls.key")}",
            $"--metrics-client-ca-file: there is no {_folder.PathOf("ca.crt")}",
            $"--cert-path: there is no {_folder.PathOf("tls.key")}",
            $"--grpc-port: port {port} is taken by another process",
            $"--listen a/b: port {port} is taken by another process",
        ],
        StartChecks.FaultsOf(options));
    }

    [Fact]
    public void FaultsOf_CertificatesOfTheMetricsThatAreNotThere_AreTold()
    {
        var options = Options();
        options.ModelServerMetricsHttps = true;
        options.Gateway.ConfigText = $$"""
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins: [{type: metrics-data-source, parameters: {insecureSkipVerify: false, caCertPath: {{_folder.PathOf("ca.crt")}} } }]
            """;
        Assert.Empty(ConfigurationSource.LoadFirst(options.Gateway, TimeProvider.System).Faults);

        Assert.StartsWith("metrics-data-source: caCertPath: ", Assert.Single(StartChecks.FaultsOf(options)), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsOf_WithoutAGateway_LeavesItsPortsAlone()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var options = Options();
        options.Gateway.GrpcPort = ((IPEndPoint)taken.LocalEndpoint).Port;
        options.CohostGateway = false;

        Assert.Empty(StartChecks.FaultsOf(options));
    }

    [Fact]
    public void FaultsOf_NoManifests_SaysThatTheyAreNeeded()
    {
        var options = Options();
        options.Discovery.Manifests = null;

        Assert.StartsWith("--manifests must name a file or folder", Assert.Single(StartChecks.FaultsOf(options)), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ProcessOptions Options()
    {
        var options = new ProcessOptions();
        options.Discovery.Manifests = _folder.Path;
        options.Gateway.GrpcPort = 0;
        options.Gateway.HealthPort = 0;
        options.Operator.MetricsPort = 0;
        options.Operator.DashboardPort = 0;
        options.Cluster.SiloPort = Loopback.FreePort();
        options.Cluster.OrleansGatewayPort = Loopback.FreePort();
        return options;
    }
}
