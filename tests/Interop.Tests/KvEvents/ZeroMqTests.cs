using System.Text.Json;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.KvEvents;

/// <summary>Events of a model server that publishes them with ZeroMQ's own library, as vLLM and SGLang do.</summary>
public sealed class ZeroMqTests : IAsyncLifetime
{
    private readonly List<StubModelServer> _servers = [];
    private readonly int _events = Loopback.FreePort();
    private readonly int _replay = Loopback.FreePort();
    private PickerProcess? _picker;
    private ExtProcClient? _client;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _servers.Add(await StubModelServer.StartAsync());
        _servers.Add(await StubModelServer.StartAsync());
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await (_picker?.DisposeAsync() ?? default);
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>The first server (rank 0 of its port) publishes; at the port of the second there is nobody.</summary>
    [ZeroMqFact]
    public async Task Events_OfLibzmq_AreFollowedAndAskedForAgain()
    {
        await using var publisher = ChildProcess.Start(
            RequiredPrograms.ZeroMqPython!,
            [Path.Combine(AppContext.BaseDirectory, "python", "kv_publisher.py"), $"tcp://127.0.0.1:{_events}", $"tcp://127.0.0.1:{_replay}", "kv@127.0.0.1@llama"]);
        await publisher.WaitForLineAsync("ready");
        await publisher.WriteLineAsync("-" + Stored("aa", null, Tokens(0, 64)));
        await publisher.WaitForLineAsync("batch 0");
        _picker = await PickerManifests.StartPickerAsync([.. _servers.Select(server => server.Port)], tls: false, "--config-text", Configuration);
        _client = new ExtProcClient($"http://127.0.0.1:{_picker.GrpcPort}", PickerManifests.PlainAuthority);
        await publisher.WaitForLineAsync("told again from 0");
        await publisher.WaitForLineAsync("subscription");

        // Told again from before; published; missed and told again; removed.
        await AwaitFirstAsync(Tokens(0, 64));
        await publisher.WriteLineAsync(Stored("bb", "aa", Tokens(64, 64)));
        await publisher.WaitForLineAsync("batch 1");
        await publisher.WriteLineAsync("-" + Stored("cc", null, Tokens(1000, 64)));
        await publisher.WaitForLineAsync("batch 2");
        await publisher.WriteLineAsync(Stored("dd", null, Tokens(2000, 64)));
        await AwaitFirstAsync(Tokens(2000, 64));
        await publisher.WaitForLineAsync("told again from 2");
        await AwaitFirstAsync(Tokens(1000, 64));
        await publisher.WriteLineAsync(JsonSerializer.Serialize(new object[] { new object[] { "BlockRemoved", new[] { Hash("dd") } } }));
        await Bounds.UntilAsync(async () => !await IsFirstAsync(Tokens(2000, 64)), "nobody holds what was removed");
        Assert.True(await IsFirstAsync(Tokens(0, 128)));

        // A batch of 300 KB, in a long frame; heartbeats have come all the time.
        await publisher.WriteLineAsync(Stored("ee", null, Tokens(100_000, 60_000)));
        await AwaitFirstAsync(Tokens(100_000, 60_000));
        Assert.DoesNotContain("127.0.0.1:" + _events + ": ", _picker.Log, StringComparison.Ordinal);
    }

    private string Configuration => $$"""
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: precise-prefix-cache-scorer
          parameters:
            kvEventsConfig:
              podDiscoveryConfig: {socketPort: {{_events}}, replaySocketPort: {{_replay}}}
        - type: max-score-picker
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: precise-prefix-cache-scorer
          - pluginRef: max-score-picker
        """;

    private static string Hash(string name) => string.Concat(Enumerable.Repeat(name, 32));

    private static IEnumerable<int> Tokens(int from, int count) => Enumerable.Range(from, count);

    /// <summary>An event for a block of all these tokens.</summary>
    private static string Stored(string name, string? parent, IEnumerable<int> tokens)
    {
        var ids = tokens.ToArray();
        return JsonSerializer.Serialize(new object[] { new object?[] { "BlockStored", new[] { Hash(name) }, parent is null ? null : Hash(parent), ids, ids.Length, null, "GPU" } });
    }

    private Task AwaitFirstAsync(IEnumerable<int> tokens) => Bounds.UntilAsync(() => IsFirstAsync(tokens), "requests go to the first server");

    /// <summary>Whether request after request goes to the first server, which by chance happens once in a million times.</summary>
    private async Task<bool> IsFirstAsync(IEnumerable<int> tokens)
    {
        for (var i = 0; i < 20; i++)
        {
            using var exchange = _client!.Open();
            var picked = await exchange.SendRequestAsync($$"""{"model":"llama","prompt":[{{string.Join(',', tokens)}}]}""", ExtProcExchange.Headers("/v1/completions", "POST"));
            if (picked.Destination != _servers[0].Address)
            {
                return false;
            }
        }

        return true;
    }
}
