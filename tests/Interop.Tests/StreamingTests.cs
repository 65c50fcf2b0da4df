using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Answers that come in pieces, and model servers that break them off.</summary>
[Collection(InteropCollection.Name)]
public sealed class StreamingTests(InteropSystem system)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [EnvoyTheory]
    [InlineData("full-duplex", "1.1")]
    [InlineData("full-duplex", "2.0")]
    [InlineData("streamed", "1.1")]
    [InlineData("streamed", "2.0")]
    [InlineData("no-bodies", "1.1")]
    [InlineData("no-response-body", "2.0")]
    [InlineData("full-duplex-by-metadata", "1.1")]
    public async Task Answer_StreamedEvents_ArriveOneByOne(string listener, string version)
    {
        var events = Channel.CreateUnbounded<string>();
        system.Scripts["events"] = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await foreach (var text in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"data: {text}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), new Version(version));
        using var request = EnvoyRequests.ForScript(client, "events");
        events.Writer.TryWrite("first");

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        for (var i = 0; i < 20; i++)
        {
            // The next event is written only after the last one has arrived: whatever holds one back hangs here.
            Assert.Equal(i == 0 ? "data: first" : $"data: {i}", await reader.ReadLineAsync().WaitAsync(Limit));
            Assert.Equal("", await reader.ReadLineAsync().WaitAsync(Limit));
            events.Writer.TryWrite($"{i + 1}");
        }

        events.Writer.Complete();
        Assert.Equal("data: 20\n\n", await reader.ReadToEndAsync().WaitAsync(Limit));
        await system.AwaitIdleAsync();
    }

    [EnvoyTheory]
    [InlineData("full-duplex")]
    [InlineData("buffered")]
    public async Task Answer_ModelServerBreaksOffInMidBody_ClientSeesABrokenAnswer(string listener)
    {
        system.Scripts["breaks"] = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"id\":", CancellationToken.None);
            await context.Response.Body.FlushAsync(CancellationToken.None);
            context.Abort();
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        using var request = EnvoyRequests.ForScript(client, "breaks");

        var broken = await Record.ExceptionAsync(async () =>
        {
            using var response = await client.SendAsync(request);
            response.EnsureSuccessStatusCode();
        });

        Assert.IsType<HttpRequestException>(broken);
        await system.AwaitIdleAsync();
        Assert.Equal(30, (await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(30))).Length);
    }

    [EnvoyTheory]
    [InlineData("full-duplex")]
    [InlineData("buffered")]
    [InlineData("streamed")]
    public async Task Answer_ModelServerClosesBeforeIt_503(string listener)
    {
        system.Scripts["closes"] = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        using var request = EnvoyRequests.ForScript(client, "closes");

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.False(response.Headers.Contains("x-llm-d-request-dropped-reason"));
        await system.AwaitIdleAsync();
    }

    [EnvoyTheory]
    [InlineData("full-duplex")]
    [InlineData("buffered")]
    public async Task Answer_Of500KilobytesWithTrailers_ArrivesWhole(string listener)
    {
        var body = Bodies.OfLength(500_000);
        system.Scripts["large"] = async context =>
        {
            // Kestrel has no trailers in HTTP/1.1, so this answer is written by hand.
            var output = context.Features.Get<IConnectionTransportFeature>()!.Transport.Output;
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var onClosed = context.RequestAborted.Register(closed.SetResult);
            await output.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\ntrailer: x-tokens\r\n\r\n"));
            await output.WriteAsync(Encoding.ASCII.GetBytes($"{body.Length:x}\r\n{Encoding.ASCII.GetString(body)}\r\n0\r\nx-tokens: 12\r\n\r\n"));
            await closed.Task.WaitAsync(Limit);
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version20);
        using var request = EnvoyRequests.ForScript(client, "large");

        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Echo.HashOf(body), Echo.HashOf(answer));
        Assert.Equal("12", response.TrailingHeaders.GetValues("x-tokens").Single());
    }
}
