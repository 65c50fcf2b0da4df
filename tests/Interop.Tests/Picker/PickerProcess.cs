using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Picker;

/// <summary>The picker as its own process: a silo with a co-hosted gateway, its pools from manifests.</summary>
internal sealed class PickerProcess : IAsyncDisposable
{
    private readonly ChildProcess _program;
    private readonly string _folder;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private PickerProcess(ChildProcess program, string folder, int[] ports)
    {
        _program = program;
        _folder = folder;
        (GrpcPort, HealthPort, MetricsPort) = (ports[0], ports[1], ports[2]);
    }

    /// <summary>The ext_proc port.</summary>
    public int GrpcPort { get; }

    public int HealthPort { get; }

    public int MetricsPort { get; }

    public bool IsRunning => !_program.HasExited;

    /// <summary>What it has logged.</summary>
    public string Log => _program.Output;

    /// <summary>Starts it and waits until it picks.</summary>
    /// <param name="flags">Flags besides ports, manifests and TLS.</param>
    public static async Task<PickerProcess> StartAsync(IReadOnlyList<int> modelServerPorts, bool tls = false, params string[] flags)
    {
        var folder = Directory.CreateTempSubdirectory("interop-picker-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "pools.yaml"), PickerManifests.Write(modelServerPorts));
        var ports = Enumerable.Range(0, 5).Select(_ => Loopback.FreePort()).ToArray();
        var program = ChildProcess.StartDotnet(
            RepositoryPaths.Silo,
            [
                "--manifests", folder,
                "--grpc-port", Text(ports[0]),
                "--grpc-health-port", Text(ports[1]),
                "--metrics-port", Text(ports[2]),
                "--silo-port", Text(ports[3]),
                "--orleans-gateway-port", Text(ports[4]),
                "--dashboard-port", "0",
                "--drain-timeout", "1s",
                "--health-checking",
                $"--secure-serving={(tls ? "true" : "false")}",
                .. flags,
            ]);
        var picker = new PickerProcess(program, folder, ports);
        try
        {
            await program.WaitForPortAsync(picker.MetricsPort);
            await picker.AwaitPickAsync(tls ? "https" : "http");
            await picker.AwaitOpenStreamsAsync(0);
            return picker;
        }
        catch (Exception e)
        {
            var log = picker.Log;
            await picker.DisposeAsync();
            throw new InvalidOperationException($"the picker did not start: {e.Message}\n{log}", e);
        }
    }

    /// <summary>Its metrics page.</summary>
    public Task<string> ReadMetricsAsync() => _http.GetStringAsync(new Uri($"http://127.0.0.1:{MetricsPort}/metrics"));

    /// <summary>ext_proc streams that the picker has open; null while it has not counted any.</summary>
    public async Task<long?> ReadOpenStreamsAsync()
    {
        const string Name = "orleans_inference_extprocgateway_streams ";
        var page = await ReadMetricsAsync();
        var line = page.Split('\n').SingleOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.AsSpan(Name.Length), CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until a number of ext_proc streams is open.</summary>
    public Task AwaitOpenStreamsAsync(long count) =>
        Bounds.UntilAsync(async () => await ReadOpenStreamsAsync() == count, $"{count} open ext_proc streams");

    /// <summary>Resident memory of the process in bytes.</summary>
    public long ReadResidentMemory()
    {
        using var process = Process.GetProcessById(_program.Id);
        return process.WorkingSet64;
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Asks again and again until a request without a body is given a model server.</summary>
    private async Task AwaitPickAsync(string scheme)
    {
        using var client = new ExtProcClient($"{scheme}://127.0.0.1:{GrpcPort}", PickerManifests.PlainAuthority);
        await Bounds.UntilAsync(
            async () =>
            {
                try
                {
                    using var exchange = client.Open();
                    await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET"), endOfStream: true);
                    return (await exchange.ReadAsync()).RequestHeaders is not null;
                }
                catch (RpcException) when (IsRunning)
                {
                    return false; // it does not listen yet
                }
            },
            "the picker picks");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
