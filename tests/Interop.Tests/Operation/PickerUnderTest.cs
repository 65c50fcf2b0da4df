using System.Globalization;
using System.Net;
using Grpc.Net.Client;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Operation;

/// <summary>A silo with a co-hosted gateway as an operator starts it, with the flags of one test. It listens when it is given out, but need not be ready.</summary>
internal sealed class PickerUnderTest : IAsyncDisposable
{
    private readonly int[] _ports = [.. Enumerable.Range(0, 5).Select(_ => Loopback.FreePort())];

    private StubModelServer? _modelServer;

    private PickerUnderTest(IReadOnlyList<string> flags) => Program = ChildProcess.StartDotnet(
        RepositoryPaths.Silo,
        [
            "--manifests", Manifests.Path,
            "--grpc-port", Text(0),
            "--grpc-health-port", Text(1),
            "--metrics-port", Text(2),
            "--silo-port", Text(3),
            "--orleans-gateway-port", Text(4),
            "--dashboard-port", "0",
            .. flags,
        ]);

    public ManifestFolder Manifests { get; } = new();

    public ChildProcess Program { get; }

    public int GrpcPort => _ports[0];

    public int MetricsPort => _ports[2];

    /// <summary>The ext_proc port without TLS.</summary>
    public string Plain => $"http://127.0.0.1:{GrpcPort}";

    /// <summary>The ext_proc port with TLS.</summary>
    public string Secure => $"https://127.0.0.1:{GrpcPort}";

    /// <summary>Starts it without any pool.</summary>
    public static async Task<PickerUnderTest> StartAsync(params string[] flags)
    {
        var picker = new PickerUnderTest(flags);
        try
        {
            await picker.Program.WaitForLineAsync("ext_proc listens on port");
            return picker;
        }
        catch
        {
            await picker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it with a pool without model servers, which is served, and waits until it is ready.</summary>
    public static async Task<PickerUnderTest> StartReadyAsync(params string[] flags)
    {
        var picker = await StartAsync(flags);
        picker.WriteEmptyPool();
        await picker.Program.WaitForLineAsync("The gateway is ready");
        return picker;
    }

    /// <summary>Starts it with a pool of one model server, and waits until it is ready.</summary>
    public static async Task<PickerUnderTest> StartPickingAsync(params string[] flags)
    {
        var picker = await StartAsync(flags);
        picker._modelServer = await StubModelServer.StartAsync();
        picker.Manifests.WritePod("model", IPAddress.Loopback, "pool", "ns");
        picker.Manifests.WritePool("pool", [picker._modelServer.Port], "ns");
        await picker.Program.WaitForLineAsync("Pool ns/pool: first view, of 1 model servers");
        await picker.Program.WaitForLineAsync("The gateway is ready");
        return picker;
    }

    public void WriteEmptyPool() => Manifests.WritePool("pool", [8000], "ns");

    /// <summary>A client of gRPC health on the port of its own.</summary>
    public HealthProbe ProbeHealth() => new(GrpcChannel.ForAddress($"http://127.0.0.1:{_ports[1]}"), ownsChannel: true);

    /// <summary>The request phase of a GET; whether it was given a model server.</summary>
    public static async Task<bool> IsPickedAsync(ExtProcExchange exchange)
    {
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET"), endOfStream: true);
        return (await exchange.ReadAsync()).RequestHeaders is not null;
    }

    /// <summary>Opens a stream and has a model server picked for it; the stream stays open.</summary>
    public static async Task<ExtProcExchange> OpenPickedAsync(ExtProcClient client)
    {
        var exchange = client.Open();
        Assert.True(await IsPickedAsync(exchange));
        return exchange;
    }

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        if (_modelServer is not null)
        {
            await _modelServer.DisposeAsync();
        }

        Manifests.Dispose();
    }

    private string Text(int index) => _ports[index].ToString(CultureInfo.InvariantCulture);
}
