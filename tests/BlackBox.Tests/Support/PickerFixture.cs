using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Support;

/// <summary>A picker's process with the pools and model servers that a class of tests needs.</summary>
public abstract class PickerFixture : IAsyncLifetime
{
    /// <summary>The picker of the first pool, where a fixture does not name it otherwise.</summary>
    public const string Service = "epp";

    /// <summary>Namespace of all pools.</summary>
    protected const string Namespace = "ns";

    private readonly ConcurrentDictionary<string, ExtProcClient> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<StubModelServer> _servers = [];
    private readonly byte[] _address = Loopback.FreeAddressBlock().GetAddressBytes();
    private PickerProcess? _picker;

    /// <summary>The picker.</summary>
    public PickerProcess Picker => _picker ?? throw new InvalidOperationException("The picker has not been started.");

    /// <summary>What the picker reads its pools from.</summary>
    public ManifestFolder Manifests { get; } = new();

    /// <summary>Flags of the picker.</summary>
    protected virtual IEnumerable<string> Flags => [];

    /// <summary>Variables of the picker's environment.</summary>
    protected virtual IReadOnlyDictionary<string, string?>? Variables => null;

    /// <summary>With what the model servers speak HTTPS; null for plain HTTP.</summary>
    protected virtual X509Certificate2? Certificate => null;

    /// <summary>The service of a pool that has a model server from the start.</summary>
    protected virtual string FirstService => Service;

    /// <summary>Writes the manifests and starts the model servers.</summary>
    protected abstract Task PrepareAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await PrepareAsync();
        _picker = await PickerProcess.StartAsync(Manifests, AuthorityOf(FirstService), tls: false, Flags, Variables);
    }

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        if (_picker is not null)
        {
            await _picker.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>As a gateway names a pool's picker.</summary>
    public static string AuthorityOf(string service) => $"{service}.{Namespace}.svc.cluster.local:9002";

    /// <summary>A client of the pool whose picker is <paramref name="service"/>; one connection for all its users.</summary>
    public ExtProcClient ClientOf(string service) => _clients.GetOrAdd(service, name => Picker.CreateClient(AuthorityOf(name)));

    /// <summary>An address of the loopback network that nobody else uses.</summary>
    public IPAddress NextAddress()
    {
        lock (_address)
        {
            var address = new IPAddress(_address);
            _address[3]++;
            return address;
        }
    }

    /// <summary>Writes a pool's manifest.</summary>
    public void WritePool(string pool, string service, params IReadOnlyList<int> ports) => Manifests.WritePool(pool, ports, Namespace, service);

    /// <summary>Writes a pod's manifest and starts its model servers, one a port.</summary>
    public Task<IReadOnlyList<StubModelServer>> AddPodAsync(string pod, string pool, params IEnumerable<int> ports) => AddLabelledPodAsync(pod, pool, "", ports);

    /// <summary>The same with further labels, as YAML writes them between braces.</summary>
    public async Task<IReadOnlyList<StubModelServer>> AddLabelledPodAsync(string pod, string pool, string labels, params IEnumerable<int> ports)
    {
        var address = NextAddress();
        var servers = new List<StubModelServer>();
        foreach (var port in ports)
        {
            servers.Add(await StubModelServer.StartAsync(listen: new IPEndPoint(address, port), certificate: Certificate));
        }

        servers.ForEach(_servers.Add);
        Manifests.WritePod(pod, address, pool, Namespace, labels: labels);
        return servers;
    }

    /// <summary>The picker's metrics.</summary>
    public async Task<MetricsPage> ReadMetricsAsync() => new(await Picker.ReadMetricsAsync());

    /// <summary>Waits until a sum of samples has a value.</summary>
    public Task AwaitMetricAsync(double value, string name, params IEnumerable<(string Name, string Value)> labels)
    {
        var wanted = labels.ToList();
        return Bounds.UntilAsync(
            async () => (await ReadMetricsAsync()).Sum(name, wanted) == value,
            string.Create(CultureInfo.InvariantCulture, $"{name}{{{string.Join(',', wanted)}}} is {value}"));
    }
}
