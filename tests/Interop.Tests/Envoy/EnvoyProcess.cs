using System.Globalization;
using System.Text.Json;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>The real Envoy, on ports that the system chose.</summary>
internal sealed class EnvoyProcess : IAsyncDisposable
{
    private readonly ChildProcess _program;
    private readonly string _folder;
    private readonly HttpClient _admin;
    private Dictionary<string, int> _ports = [];

    private EnvoyProcess(ChildProcess program, string folder)
    {
        _program = program;
        _folder = folder;
        _admin = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Starts it and waits until its listeners work.</summary>
    public static async Task<EnvoyProcess> StartAsync(IEnumerable<EnvoyListener> listeners, int pickerPort, int tlsPickerPort, IReadOnlyList<int> modelServerPorts)
    {
        var folder = Directory.CreateTempSubdirectory("interop-envoy-").FullName;
        var file = Path.Combine(folder, "envoy.yaml");
        var adminFile = Path.Combine(folder, "admin-address");
        await File.WriteAllTextAsync(file, EnvoyConfiguration.Write(listeners, pickerPort, tlsPickerPort, modelServerPorts));

        // One worker, so that all requests share one connection to the picker.
        var program = ChildProcess.Start(
            RequiredPrograms.Envoy!, ["-c", file, "--admin-address-path", adminFile, "--concurrency", "1", "--disable-hot-restart", "--log-level", "info"]);
        var envoy = new EnvoyProcess(program, folder);
        try
        {
            await program.WaitForLineAsync("starting workers");
            envoy._admin.BaseAddress = new Uri($"http://{await File.ReadAllTextAsync(adminFile)}/");
            await envoy.ReadPortsAsync();
            return envoy;
        }
        catch
        {
            await envoy.DisposeAsync();
            throw;
        }
    }

    public int PortOf(EnvoyListener listener) => _ports[listener.Name];

    /// <summary>One of Envoy's counters or gauges, e.g. <c>cluster.picker.upstream_cx_total</c>.</summary>
    public async Task<long> ReadStatAsync(string name)
    {
        var text = await _admin.GetStringAsync(new Uri($"stats?filter=^{name}$", UriKind.Relative));
        return long.Parse(text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1).Trim(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _admin.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReadPortsAsync()
    {
        using var listeners = JsonDocument.Parse(await _admin.GetStringAsync(new Uri("listeners?format=json", UriKind.Relative)));
        _ports = listeners.RootElement.GetProperty("listener_statuses").EnumerateArray().ToDictionary(
            status => status.GetProperty("name").GetString()!,
            status => status.GetProperty("local_address").GetProperty("socket_address").GetProperty("port_value").GetInt32());
    }
}
