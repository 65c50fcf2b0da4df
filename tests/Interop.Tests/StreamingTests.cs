using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Answers that come in pieces, and ends before the end.</summary>
[Collection(InteropCollection.Name)]
public sealed class StreamingTests(InteropSystem system)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [EnvoyTheory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Answer_StreamedEvents_ArriveOneByOne(string version)
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
        using var client = system.CreateClient(InteropSystem.FullDuplex, new Version(version));
        using var request = Post("events");
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
        await system.Picker.AwaitOpenStreamsAsync(0);
    }

    [EnvoyTheory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Answer_ClientLeaves_ModelServerIsToldAndThePickersStreamEnds(string version)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.Scripts["left-in-answer"] = async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await context.Response.WriteAsync("first\n", CancellationToken.None);
            await context.Response.Body.FlushAsync(CancellationToken.None);
            await aborted.Task;
        };
        using (var client = system.CreateClient(InteropSystem.FullDuplex, new Version(version)))
        {
            using var request = Post("left-in-answer");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal("first", await reader.ReadLineAsync().WaitAsync(Limit));
            await system.Picker.AwaitOpenStreamsAsync(1);
        }

        await aborted.Task.WaitAsync(Limit);
        await system.Picker.AwaitOpenStreamsAsync(0);
    }

    [EnvoyTheory]
    [InlineData("full-duplex", "1.1")]
    [InlineData("full-duplex", "2.0")]
    [InlineData("buffered", "1.1")]
    [InlineData("buffered", "2.0")]
    public async Task Request_ClientLeavesInMidBody_ThePickersStreamEnds(string listener, string version)
    {
        using var leave = new CancellationTokenSource();
        using var client = system.CreateClient(listener == "buffered" ? InteropSystem.Buffered : InteropSystem.FullDuplex, new Version(version));
        using var content = new UnfinishedContent(Bodies.OfLength(200_000));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Bodies.CompletionsPath, UriKind.Relative))
        {
            Content = content,
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };

        var answer = client.SendAsync(request, leave.Token);
        await content.Sent.WaitAsync(Limit);
        await system.Picker.AwaitOpenStreamsAsync(1);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await system.Picker.AwaitOpenStreamsAsync(0);
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
        using var client = system.CreateClient(listener == "buffered" ? InteropSystem.Buffered : InteropSystem.FullDuplex, HttpVersion.Version11);
        using var request = Post("breaks");

        var broken = await Record.ExceptionAsync(async () =>
        {
            using var response = await client.SendAsync(request);
            response.EnsureSuccessStatusCode();
        });

        Assert.IsType<HttpRequestException>(broken);
        await system.Picker.AwaitOpenStreamsAsync(0);
        Assert.Equal(30, (await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(30))).Length);
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
        using var client = system.CreateClient(listener == "buffered" ? InteropSystem.Buffered : InteropSystem.FullDuplex, HttpVersion.Version20);
        using var request = Post("large");
        (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy);

        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Echo.HashOf(body), Echo.HashOf(answer));
        Assert.Equal("12", response.TrailingHeaders.GetValues("x-tokens").Single());
    }

    private static HttpRequestMessage Post(string script)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Bodies.CompletionsPath, UriKind.Relative)) { Content = new ByteArrayContent(Bodies.OfLength(100)) };
        request.Headers.Add(ScriptedModelServer.ScriptHeader, script);
        return request;
    }
}
