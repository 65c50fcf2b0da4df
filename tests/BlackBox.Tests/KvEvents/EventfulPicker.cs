using System.Net;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.BlackBox.Tests.KvEvents;

/// <summary>A picker that goes by what three model servers publish of their caches, and one pool more whose servers publish nothing.</summary>
public sealed class EventfulPicker : PickerFixture
{
    private readonly int _port = Loopback.FreePort();
    private readonly int _events = Loopback.FreePort();
    private readonly int _replay = Loopback.FreePort();
    private readonly List<string> _servers = [];
    private readonly List<KvPublisher> _publishers = [];

    /// <summary>Addresses of the model servers.</summary>
    public IReadOnlyList<string> Servers => _servers;

    /// <summary>Their publishers; the second can tell again what was missed.</summary>
    public IReadOnlyList<KvPublisher> Publishers => _publishers;

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags =>
    [
        "--config-text",
        $$"""
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: precise-prefix-cache-producer
          parameters:
            tokenProcessorConfig: {blockSize: 16}
            kvEventsConfig:
              podDiscoveryConfig:
                socketPort: {{_events}}
                replaySocketPort: {{_replay}}
        - type: approx-prefix-cache-producer
          parameters: {blockSizeTokens: 64}
        - type: prefix-cache-scorer
          parameters:
            prefixMatchInfoProducerName: precise-prefix-cache-producer
        - type: max-score-picker
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: prefix-cache-scorer
          - pluginRef: max-score-picker
        """,
    ];

    /// <summary>Adds a model server that publishes.</summary>
    /// <param name="replays">It tells again what was missed.</param>
    public async Task AddServerAsync(string pod, bool replays = false)
    {
        var server = (await AddPodAsync(pod, "main", _port))[0];
        var address = server.EndPoint.Address;
        _servers.Add(server.Address);
        _publishers.Add(new KvPublisher(new IPEndPoint(address, _events), replays ? new IPEndPoint(address, _replay) : null, $"kv@{server.Address}@llama"));
    }

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        WritePool("main", Service, _port);
        await AddServerAsync("main-0");
        await AddServerAsync("main-1", replays: true);
        await AddServerAsync("main-2");

        // What a server published before the picker was there.
        Publishers[1].Lose(KvBatch.Of(KvBatch.Stored([1], null, Enumerable.Repeat(7, 16), 16)));
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var publisher in Publishers)
        {
            await publisher.DisposeAsync();
        }
    }
}
