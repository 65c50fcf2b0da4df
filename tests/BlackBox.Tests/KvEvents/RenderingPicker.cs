using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.BlackBox.Tests.KvEvents;

/// <summary>A picker that has text made into tokens by a server of the test's own, and knows of two model servers what they publish.</summary>
public sealed class RenderingPicker : PickerFixture
{
    private readonly int _events = Loopback.FreePort();
    private StubModelServer? _renderer;

    /// <summary>Addresses of the model servers.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    /// <summary>Their publishers.</summary>
    public IReadOnlyList<KvPublisher> Publishers { get; private set; } = [];

    /// <summary>What the renderer was asked: path and body.</summary>
    public ConcurrentQueue<(string Path, string Body)> Asked { get; } = [];

    /// <summary>Answers the renderer's next questions.</summary>
    public Func<HttpContext, string, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags =>
    [
        "--config-text",
        $$"""
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: token-producer
          parameters:
            modelName: base
            vllm: {url: "http://{{_renderer!.Address}}", timeout: 2s}
        - type: precise-prefix-cache-scorer
          parameters:
            kvEventsConfig: {podDiscoveryConfig: {socketPort: {{_events}} } }
        - type: max-score-picker
        """,
    ];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        _renderer = await StubModelServer.StartAsync(async (_, context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            Asked.Enqueue((context.Request.Path, body));
            await Answer(context, body);
        });
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        var (servers, publishers) = (new List<string>(), new List<KvPublisher>());
        for (var i = 0; i < 2; i++)
        {
            var server = (await AddPodAsync($"main-{i}", "main", port))[0];
            servers.Add(server.Address);
            publishers.Add(new KvPublisher(new IPEndPoint(server.EndPoint.Address, _events), null, $"kv@{server.Address}@llama"));
        }

        (Servers, Publishers) = (servers, publishers);
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var publisher in Publishers)
        {
            await publisher.DisposeAsync();
        }

        await (_renderer?.DisposeAsync() ?? default);
    }
}
