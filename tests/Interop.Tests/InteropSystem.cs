using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.MetricsPages;
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
    internal static readonly EnvoyListener BufferedPartial = new("buffered-partial", BodyMode.BufferedPartial, Destination.Header, PickerManifests.Authority);
    internal static readonly EnvoyListener Streamed = new("streamed", BodyMode.Streamed, Destination.Header, PickerManifests.Authority);
    internal static readonly EnvoyListener NoBodies = new("no-bodies", BodyMode.None, Destination.Header, PickerManifests.Authority);
    internal static readonly EnvoyListener NoResponseBody = new("no-response-body", BodyMode.FullDuplex, Destination.Header, PickerManifests.Authority, ResponseMode: BodyMode.None);
    internal static readonly EnvoyListener FullDuplexByMetadata = new("full-duplex-by-metadata", BodyMode.FullDuplex, Destination.Metadata, PickerManifests.Authority);
    internal static readonly EnvoyListener BufferedByMetadata = new("buffered-by-metadata", BodyMode.Buffered, Destination.Metadata, PickerManifests.Authority);
    internal static readonly EnvoyListener StreamedByMetadata = new("streamed-by-metadata", BodyMode.Streamed, Destination.Metadata, PickerManifests.Authority);
    internal static readonly EnvoyListener SubsetOfOne = new("subset-of-one", BodyMode.FullDuplex, Destination.Header, PickerManifests.Authority, SubsetSize: 1);
    internal static readonly EnvoyListener SubsetOfNone = new("subset-of-none", BodyMode.FullDuplex, Destination.Header, PickerManifests.Authority, SubsetSize: 0);
    internal static readonly EnvoyListener HalfDead = new("half-dead", BodyMode.FullDuplex, Destination.Header, InteropManifests.HalfDeadAuthority);
    internal static readonly EnvoyListener HalfDeadByMetadata = new("half-dead-by-metadata", BodyMode.FullDuplex, Destination.Metadata, InteropManifests.HalfDeadAuthority);
    internal static readonly EnvoyListener PlainAuthority = new("plain-authority", BodyMode.FullDuplex, Destination.Header, PickerManifests.PlainAuthority);
    internal static readonly EnvoyListener EmptyPool = new("empty-pool", BodyMode.FullDuplex, Destination.Header, PickerManifests.EmptyPoolAuthority);
    internal static readonly EnvoyListener EmptyPoolBuffered = new("empty-pool-buffered", BodyMode.Buffered, Destination.Header, PickerManifests.EmptyPoolAuthority);
    internal static readonly EnvoyListener EmptyPoolStreamed = new("empty-pool-streamed", BodyMode.Streamed, Destination.Header, PickerManifests.EmptyPoolAuthority);
    internal static readonly EnvoyListener UnknownPool = new("unknown-pool", BodyMode.FullDuplex, Destination.Header, PickerManifests.UnknownAuthority);
    internal static readonly EnvoyListener Tls = new("tls", BodyMode.FullDuplex, Destination.Header, PickerManifests.Authority, Tls: true);

    internal static IReadOnlyList<EnvoyListener> Listeners { get; } =
    [
        FullDuplex, Buffered, BufferedPartial, Streamed, NoBodies, NoResponseBody, FullDuplexByMetadata, BufferedByMetadata, StreamedByMetadata, SubsetOfOne, SubsetOfNone, HalfDead,
        HalfDeadByMetadata, PlainAuthority, EmptyPool, EmptyPoolBuffered, EmptyPoolStreamed, UnknownPool, Tls,
    ];

    private readonly DeadModelServer _dead = new();
    private readonly List<StubModelServer> _modelServers = [];
    private PickerProcess? _picker;
    private PickerProcess? _tlsPicker;
    private EnvoyProcess? _envoy;

    /// <summary>Answers of the model servers, by the name in <see cref="ScriptedModelServer.ScriptHeader"/>.</summary>
    internal ConcurrentDictionary<string, RequestDelegate> Scripts { get; } = new(StringComparer.Ordinal);

    internal IReadOnlyList<StubModelServer> ModelServers => _modelServers;

    /// <summary>The model server of the pool <c>half-dead</c> that can't be connected to; the other one is the first of <see cref="ModelServers"/>.</summary>
    internal string DeadServer => _dead.Address;

    internal PickerProcess Picker => _picker!;

    internal EnvoyProcess Envoy => _envoy!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _modelServers.Add(await ScriptedModelServer.StartAsync(Scripts));
        _modelServers.Add(await ScriptedModelServer.StartAsync(Scripts));
        var ports = _modelServers.Select(server => server.Port).ToArray();
        _picker = await PickerManifests.StartPickerAsync(InteropManifests.Write(ports, _dead.Port));
        if (RequiredPrograms.Envoy is not null)
        {
            _tlsPicker = await PickerManifests.StartPickerAsync(ports, tls: true);
            _envoy = await EnvoyProcess.StartAsync(Listeners, _picker.GrpcPort, _tlsPicker.GrpcPort, [.. ports, _dead.Port]);
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

        _dead.Dispose();
    }

    /// <summary>The listener of that name.</summary>
    internal static EnvoyListener Find(string name) => Listeners.Single(listener => listener.Name == name);

    /// <summary>The listener that sends the bodies to the picker in that way.</summary>
    internal static EnvoyListener With(BodyMode mode) => Listeners.First(listener => listener.Mode == mode);

    /// <summary>Waits until the picker has no stream open and counts no request as running.</summary>
    internal async Task AwaitIdleAsync()
    {
        await Picker.AwaitOpenStreamsAsync(0);
        await AwaitRunningAsync(0);
    }

    /// <summary>Waits until the picker counts so many requests as running at their model servers.</summary>
    internal async Task AwaitRunningAsync(double count)
    {
        var running = double.NaN;
        try
        {
            await Bounds.UntilAsync(
                async () => (running = MetricsText.Sum(await Picker.ReadMetricsAsync(), "llm_d_epp_request_running")) == count, $"{count} running requests");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}, but {running}", e);
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
