using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

/// <summary>A model server's metrics endpoint over real HTTP, whose figures a test sets.</summary>
internal sealed class StubModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _hang = new();
    private int _connections;
    private int _scrapes;

    private StubModelServer(string name)
    {
        Name = name;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Use(next => async connection =>
        {
            Interlocked.Increment(ref _connections);
            try
            {
                await next(connection);
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        })));
        _app = builder.Build();
        _app.MapGet("/metrics", ServeAsync);
    }

    public string Name { get; }

    public int Port { get; private set; }

    public volatile int Queued;

    /// <summary>Adapter with running requests; empty for none.</summary>
    public volatile string Adapter = "";

    /// <summary>No answer comes to any request.</summary>
    public volatile bool Hangs;

    public int Connections => Volatile.Read(ref _connections);

    public int Scrapes => Volatile.Read(ref _scrapes);

    public ModelServerSpec Spec => new() { Id = $"ns/{Name}-rank-0", Ip = "127.0.0.1", Port = Port };

    public static async Task<StubModelServer> StartAsync(string name)
    {
        var server = new StubModelServer(name);
        await server._app.StartAsync();
        server.Port = new Uri(server._app.Urls.Single()).Port;
        return server;
    }

    /// <summary>The process is gone: its port refuses.</summary>
    public async ValueTask DisposeAsync()
    {
        _hang.TrySetResult();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        Interlocked.Increment(ref _scrapes);
        if (Hangs)
        {
            await _hang.Task;
        }

        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await http.Response.WriteAsync($$"""
            # TYPE vllm:num_requests_waiting gauge
            vllm:num_requests_waiting{model_name="m"} {{Queued}}.0
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{model_name="m"} {{Queued + 1}}.0
            # TYPE vllm:kv_cache_usage_perc gauge
            vllm:kv_cache_usage_perc{model_name="m"} 0.25
            # TYPE vllm:lora_requests_info gauge
            vllm:lora_requests_info{max_lora="4",running_lora_adapters="{{Adapter}}",waiting_lora_adapters=""} 1.76e+09
            # TYPE vllm:cache_config_info gauge
            vllm:cache_config_info{block_size="16",num_gpu_blocks="1000"} 1.0

            """.ReplaceLineEndings("\n"));
    }
}
