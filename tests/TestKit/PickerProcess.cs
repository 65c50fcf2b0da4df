using System.Diagnostics;
using System.Globalization;
using Grpc.Core;

namespace Orleans.Inference.TestKit;

/// <summary>The picker as its own process: a silo with a co-hosted gateway, its pools from manifests.</summary>
/// <remarks>Its project must be built, see <see cref="RepositoryPaths"/>.</remarks>
public sealed class PickerProcess : IAsyncDisposable
{
    private readonly ChildProcess _program;
    private readonly ManifestFolder _manifests;
    private readonly HttpClient _http = new() { Timeout = Bounds.Wait };

    private PickerProcess(ChildProcess program, ManifestFolder manifests, int[] ports, string scheme)
    {
        _program = program;
        _manifests = manifests;
        Scheme = scheme;
        (GrpcPort, HealthPort, MetricsPort) = (ports[0], ports[1], ports[2]);
    }

    /// <summary>The ext_proc port.</summary>
    public int GrpcPort { get; }

    /// <summary>The port of gRPC health.</summary>
    public int HealthPort { get; }

    /// <summary>The port of <c>/metrics</c>.</summary>
    public int MetricsPort { get; }

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !_program.HasExited;

    /// <summary>What it has logged.</summary>
    public string Log => _program.Output;

    /// <summary>The process itself.</summary>
    public ChildProcess Program => _program;

    private string Scheme { get; }

    /// <summary>Starts it and waits until it picks.</summary>
    /// <param name="manifests">Deleted with the process.</param>
    /// <param name="authority">Names the picker of a pool that has a model server.</param>
    /// <param name="flags">Flags besides ports, manifests and TLS.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public static async Task<PickerProcess> StartAsync(
        ManifestFolder manifests, string authority, bool tls = false, IEnumerable<string>? flags = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        var ports = Enumerable.Range(0, 5).Select(_ => Loopback.FreePort()).ToArray();
        var program = ChildProcess.StartDotnet(
            RepositoryPaths.Silo,
            [
                "--manifests", manifests.Path,
                "--grpc-port", Text(ports[0]),
                "--grpc-health-port", Text(ports[1]),
                "--metrics-port", Text(ports[2]),
                "--silo-port", Text(ports[3]),
                "--orleans-gateway-port", Text(ports[4]),
                "--dashboard-port", "0",
                "--drain-timeout", "1s",
                "--health-checking",
                $"--secure-serving={(tls ? "true" : "false")}",
                .. flags ?? [],
            ],
            environment);
        var picker = new PickerProcess(program, manifests, ports, tls ? "https" : "http");
        try
        {
            await program.WaitForPortAsync(picker.MetricsPort);
            await picker.AwaitPickAsync(authority);
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

    /// <summary>A client of its ext_proc port.</summary>
    /// <param name="authority">Names the picker of a pool.</param>
    public ExtProcClient CreateClient(string authority) => new($"{Scheme}://127.0.0.1:{GrpcPort}", authority);

    /// <summary>Its metrics page.</summary>
    public Task<string> ReadMetricsAsync() => _http.GetStringAsync(new Uri($"http://127.0.0.1:{MetricsPort}/metrics"));

    /// <summary>The value of a metric without labels that counts something; null where it has none yet.</summary>
    public async Task<long?> ReadCountAsync(string metric)
    {
        var page = await ReadMetricsAsync();
        var line = page.Split('\n').SingleOrDefault(line => line.StartsWith(metric + " ", StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.AsSpan(metric.Length + 1), CultureInfo.InvariantCulture);
    }

    /// <summary>ext_proc streams that the picker has open; null while it has not counted any.</summary>
    public Task<long?> ReadOpenStreamsAsync() => ReadCountAsync("orleans_inference_extprocgateway_streams");

    /// <summary>Waits until a number of ext_proc streams is open.</summary>
    public Task AwaitOpenStreamsAsync(long count) =>
        Bounds.UntilAsync(async () => await ReadOpenStreamsAsync() == count, $"{count} open ext_proc streams");

    /// <summary>Asks again and again until a request without a body is given a model server.</summary>
    /// <param name="authority">Names the picker of a pool.</param>
    public async Task AwaitPickAsync(string authority)
    {
        using var client = CreateClient(authority);
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

    /// <summary>Resident memory of the process in bytes.</summary>
    public long ReadResidentMemory()
    {
        using var process = Process.GetProcessById(_program.Id);
        return process.WorkingSet64;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _http.Dispose();
        _manifests.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
