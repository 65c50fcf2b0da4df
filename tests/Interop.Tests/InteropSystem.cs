using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Two model servers, a picker with and one without TLS, and Envoy in front of them where there is one.</summary>
public sealed class InteropSystem : IAsyncLifetime
{
    internal static readonly EnvoyListener FullDuplex = new("full-duplex", BodyMode.FullDuplex, Destination.Header, PickerManifests.Authority);
    internal static readonly EnvoyListener Buffered = new("buffered", BodyMode.Buffered, Destination.Header, PickerManifests.Authority);
    internal static readonly EnvoyListener FullDuplexByMetadata = new("full-duplex-by-metadata", BodyMode.FullDuplex, Destination.Metadata, PickerManifests.Authority);
    internal static readonly EnvoyListener BufferedByMetadata = new("buffered-by-metadata", BodyMode.Buffered, Destination.Metadata, PickerManifests.Authority);
    internal static readonly EnvoyListener PlainAuthority = new("plain-authority", BodyMode.FullDuplex, Destination.Header, PickerManifests.PlainAuthority);
    internal static readonly EnvoyListener EmptyPool = new("empty-pool", BodyMode.FullDuplex, Destination.Header, PickerManifests.EmptyPoolAuthority);
    internal static readonly EnvoyListener UnknownPool = new("unknown-pool", BodyMode.FullDuplex, Destination.Header, PickerManifests.UnknownAuthority);
    internal static readonly EnvoyListener Tls = new("tls", BodyMode.FullDuplex, Destination.Header, PickerManifests.Authority, Tls: true);

    internal static IReadOnlyList<EnvoyListener> Listeners { get; } = [FullDuplex, Buffered, FullDuplexByMetadata, BufferedByMetadata, PlainAuthority, EmptyPool, UnknownPool, Tls];

    private readonly List<StubModelServer> _modelServers = [];
    private PickerProcess? _picker;
    private PickerProcess? _tlsPicker;
    private EnvoyProcess? _envoy;

    /// <summary>Answers of the model servers, by the name in <see cref="ScriptedModelServer.ScriptHeader"/>.</summary>
    internal ConcurrentDictionary<string, RequestDelegate> Scripts { get; } = new(StringComparer.Ordinal);

    internal IReadOnlyList<StubModelServer> ModelServers => _modelServers;

    internal PickerProcess Picker => _picker!;

    internal EnvoyProcess Envoy => _envoy!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _modelServers.Add(await ScriptedModelServer.StartAsync(Scripts));
        _modelServers.Add(await ScriptedModelServer.StartAsync(Scripts));
        var ports = _modelServers.Select(server => server.Port).ToArray();
        _picker = await PickerManifests.StartPickerAsync(ports);
        if (RequiredPrograms.Envoy is not null)
        {
            _tlsPicker = await PickerManifests.StartPickerAsync(ports, tls: true);
            _envoy = await EnvoyProcess.StartAsync(Listeners, _picker.GrpcPort, _tlsPicker.GrpcPort, ports);
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var process in new IAsyncDisposable?[] { _envoy, _tlsPicker, _picker })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        foreach (var server in _modelServers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>A client of one of Envoy's ports.</summary>
    /// <param name="version">1.1, or 2.0 without an upgrade.</param>
    internal HttpClient CreateClient(EnvoyListener listener, Version version) =>
        new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Envoy.PortOf(listener)}"),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(60),
        };
}
