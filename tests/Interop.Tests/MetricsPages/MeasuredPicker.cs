using System.Collections.Concurrent;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.MetricsPages;

/// <summary>A picker with two model servers that has served, refused and failed some requests, with all metrics that flags turn on.</summary>
public sealed class MeasuredPicker : IAsyncLifetime
{
    private const string StreamedRequest = """{"model":"measured","prompt":"hello","stream":true}""";
    private const string WholeRequest = """{"model":"measured","prompt":"hello"}""";
    private const string WholeResponse = """{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""";
    private const string FailedResponse = "out of memory";

    private static readonly string[] StreamedResponse =
    [
        "data: {\"choices\":[{\"text\":\"a\"}]}\n\n",
        "data: {\"choices\":[{\"text\":\"b\"}]}\n\n",
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\n",
        "data: [DONE]\n\n",
    ];

    /// <summary>Bytes of the requests that were served.</summary>
    public static int RequestBytes => StreamedRequest.Length + (2 * WholeRequest.Length);

    /// <summary>Bytes of their responses.</summary>
    public static int ResponseBytes => StreamedResponse.Sum(piece => piece.Length) + WholeResponse.Length + FailedResponse.Length;

    private readonly ConcurrentDictionary<string, RequestDelegate> _scripts = new(StringComparer.Ordinal);
    private readonly List<StubModelServer> _modelServers = [];
    private PickerProcess? _picker;

    internal PickerProcess Picker => _picker!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _modelServers.Add(await ScriptedModelServer.StartAsync(_scripts));
        _modelServers.Add(await ScriptedModelServer.StartAsync(_scripts));
        _modelServers[0].Queued = 3;
        _picker = await PickerManifests.StartPickerAsync(
            [.. _modelServers.Select(server => server.Port)], tls: false, "--enable-grpc-stream-metrics", "--refresh-prometheus-metrics-interval", "10ms");
        using var client = new ExtProcClient($"http://127.0.0.1:{_picker.GrpcPort}", PickerManifests.PlainAuthority);
        await ServeAsync(client, StreamedRequest, 200, "text/event-stream", StreamedResponse);
        await ServeAsync(client, WholeRequest, 200, "application/json", [WholeResponse]);
        await ServeAsync(client, WholeRequest, 500, "text/plain", [FailedResponse]);
        await RefuseAsync(client);
        await _picker.AwaitOpenStreamsAsync(0);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_picker is not null)
        {
            await _picker.DisposeAsync();
        }

        foreach (var server in _modelServers)
        {
            await server.DisposeAsync();
        }
    }

    private static async Task ServeAsync(ExtProcClient client, string request, int status, string contentType, string[] pieces)
    {
        using var exchange = client.Open();
        await exchange.SendRequestAsync(request, ExtProcExchange.Headers("/v1/completions", "POST", ("x-llm-d-inference-fairness-id", "tenant")));
        await exchange.SendResponseAsync(status, [("content-type", contentType)], pieces);
        await EndAsync(exchange);
    }

    private static async Task RefuseAsync(ExtProcClient client)
    {
        using var exchange = client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(Encoding.ASCII.GetBytes("{no JSON"), endOfStream: true);
        Assert.Equal(400, (int)(await exchange.ReadAsync()).ImmediateResponse.Status.Code);
        await EndAsync(exchange);
    }

    /// <summary>Waits for the picker's end of the stream, as what is counted at the end has been counted then.</summary>
    private static async Task EndAsync(ExtProcExchange exchange)
    {
        await exchange.HalfCloseAsync();
        try
        {
            while (await exchange.TryReadAsync() is not null)
            {
            }
        }
        catch (RpcException)
        {
            // Any end is one.
        }
    }
}
