using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orleans.Inference.Interop.Tests.ModelServers;

/// <summary>A model server that says what it received, or does what a test has written for one request.</summary>
internal sealed class StubModelServer : IAsyncDisposable
{
    /// <summary>Names the script that answers a request; without it, or with an unknown one, the answer is an <see cref="Echo"/>.</summary>
    public const string ScriptHeader = "x-stub-script";

    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, RequestDelegate> _scripts;
    private volatile int _queued;

    private StubModelServer(WebApplication application, ConcurrentDictionary<string, RequestDelegate> scripts)
    {
        _application = application;
        _scripts = scripts;
    }

    public int Port { get; private set; }

    /// <summary>As the picker names it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Waiting requests that its metrics report.</summary>
    public int Queued
    {
        get => _queued;
        set => _queued = value;
    }

    /// <param name="scripts">Answers by name, shared by all model servers of a test: any of them may be picked.</param>
    public static async Task<StubModelServer> StartAsync(ConcurrentDictionary<string, RequestDelegate> scripts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var application = builder.Build();
        var server = new StubModelServer(application, scripts);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        server.Port = new Uri(application.Urls.Single()).Port;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/metrics"))
        {
            return context.Response.WriteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"""
                # TYPE vllm:num_requests_waiting gauge
                vllm:num_requests_waiting {_queued}
                # TYPE vllm:num_requests_running gauge
                vllm:num_requests_running 0
                # TYPE vllm:kv_cache_usage_perc gauge
                vllm:kv_cache_usage_perc 0

                """));
        }

        return _scripts.TryGetValue(context.Request.Headers[ScriptHeader].ToString(), out var script)
            ? script(context)
            : Echo.AnswerAsync(context, Address);
    }
}
