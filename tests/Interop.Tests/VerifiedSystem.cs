using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests;

/// <summary>The real Envoy in front of a picker that tells clients who has served them, over two model servers that live and one that can't be connected to.</summary>
public sealed class VerifiedSystem : IAsyncLifetime
{
    private const string Configuration =
        """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: max-score-picker
        - type: destination-endpoint-served-verifier
        """;

    private readonly DeadModelServer _dead = new();
    private readonly List<StubModelServer> _modelServers = [];
    private PickerProcess? _picker;
    private EnvoyProcess? _envoy;

    /// <summary>The model servers that live.</summary>
    internal IReadOnlyList<StubModelServer> ModelServers => _modelServers;

    /// <summary>The model server of the pool <c>half-dead</c> that can't be connected to.</summary>
    internal string DeadServer => _dead.Address;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (RequiredPrograms.Envoy is null)
        {
            return;
        }

        var scripts = new ConcurrentDictionary<string, RequestDelegate>(StringComparer.Ordinal);
        _modelServers.Add(await ScriptedModelServer.StartAsync(scripts));
        _modelServers.Add(await ScriptedModelServer.StartAsync(scripts));
        int[] ports = [.. _modelServers.Select(server => server.Port)];
        _picker = await PickerManifests.StartPickerAsync(InteropManifests.Write(ports, _dead.Port), tls: false, "--config-text", Configuration);
        _envoy = await EnvoyProcess.StartAsync(InteropSystem.Listeners, _picker.GrpcPort, _picker.GrpcPort, [.. ports, _dead.Port]);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var process in new IAsyncDisposable?[] { _envoy, _picker })
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

    /// <summary>Posts a prompt that only one server may be picked for.</summary>
    internal async Task<(Echo Echo, string Verdict)> PostAsync(EnvoyListener listener, string picked)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{_envoy!.PortOf(listener)}"), Timeout = TimeSpan.FromSeconds(60) };
        using var content = new ByteArrayContent(Bodies.OfLength(100));
        content.Headers.Add(EnvoyListener.SubsetHeader, picked);
        using var response = await client.PostAsync(new Uri(Bodies.CompletionsPath, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (Echo.Parse(await response.Content.ReadAsByteArrayAsync()), response.Headers.GetValues("x-conformance-test-served-endpoint").Single());
    }
}
