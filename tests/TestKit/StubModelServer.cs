using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orleans.Inference.TestKit;

/// <summary>A model server in the test's own process: <c>/metrics</c> as vLLM has it, with figures that the test sets, and an answer of the test's own to all else.</summary>
public sealed class StubModelServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Func<StubModelServer, HttpContext, Task>? _answer;
    private volatile int _queued;

    private StubModelServer(WebApplication application, Func<StubModelServer, HttpContext, Task>? answer)
    {
        _application = application;
        _answer = answer;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Its port.</summary>
    public int Port => EndPoint.Port;

    /// <summary>As the picker names it: <c>ip:port</c>.</summary>
    public string Address => EndPoint.ToString();

    /// <summary>Waiting requests that its metrics report.</summary>
    public int Queued
    {
        get => _queued;
        set => _queued = value;
    }

    /// <param name="answer">Answers to all but <c>/metrics</c>; null for 404.</param>
    /// <param name="listen">Where to listen; null for any port of 127.0.0.1.</param>
    /// <param name="certificate">With what HTTPS is spoken; null for plain HTTP.</param>
    public static async Task<StubModelServer> StartAsync(Func<StubModelServer, HttpContext, Task>? answer = null, IPEndPoint? listen = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(listen ?? new IPEndPoint(IPAddress.Loopback, 0), listener =>
            {
                if (certificate is not null)
                {
                    listener.UseHttps(certificate);
                }
            });
        });
        var application = builder.Build();
        var server = new StubModelServer(application, answer);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        var url = new Uri(application.Urls.Single());
        server.EndPoint = new IPEndPoint(IPAddress.Parse(url.Host), url.Port);
        return server;
    }

    /// <inheritdoc/>
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

        if (_answer is not null)
        {
            return _answer(this, context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
