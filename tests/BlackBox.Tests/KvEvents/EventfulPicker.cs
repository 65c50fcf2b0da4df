using System.Net;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.BlackBox.Tests.KvEvents;

/// <summary>A picker that goes by what three model servers publish of their caches, and one pool more whose servers publish nothing.</summary>
public sealed class EventfulPicker : PickerFixture
{
    /// <summary>The picker of the pool whose servers publish.</summary>
    public const string Service = "epp";

    private readonly int _events = Loopback.FreePort();
    private readonly int _replay = Loopback.FreePort();

    /// <summary>Addresses of the model servers.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    /// <summary>Their publishers; the second can tell again what was missed.</summary>
    public IReadOnlyList<KvPublisher> Publishers { get; private set; } = [];

    /// <inheritdoc/>
    protected override string FirstService => Service;

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

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        var (servers, publishers) = (new List<string>(), new List<KvPublisher>());
        for (var i = 0; i < 3; i++)
        {
            var server = (await AddPodAsync($"main-{i}", "main", port))[0];
            servers.Add(server.Address);
            publishers.Add(new KvPublisher(
                new IPEndPoint(server.EndPoint.Address, _events), i == 1 ? new IPEndPoint(server.EndPoint.Address, _replay) : null, $"kv@{server.Address}@llama"));
        }

        (Servers, Publishers) = (servers, publishers);

        // What a server published before the picker was there.
        publishers[1].Lose(KvBatch.Of(KvBatch.Stored([1], null, Enumerable.Repeat(7, 16), 16)));
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
