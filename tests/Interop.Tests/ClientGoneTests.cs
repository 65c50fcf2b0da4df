using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Clients that go before their answer has ended. Envoy half-closes its stream then, without an end of the body.</summary>
[Collection(InteropCollection.Name)]
public sealed class ClientGoneTests(InteropSystem system)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [EnvoyTheory]
    [InlineData("full-duplex", "1.1", 1)]
    [InlineData("full-duplex", "2.0", 1)]
    [InlineData("streamed", "1.1", 0)]
    [InlineData("streamed", "2.0", 0)]
    [InlineData("no-bodies", "1.1", 0)]
    [InlineData("no-response-body", "1.1", 1)]
    [InlineData("no-response-body", "2.0", 1)]
    public async Task Answer_ClientLeaves_ModelServerIsToldAndNothingStaysOpenOrRunning(string listener, string version, int running)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.Scripts["left-in-answer"] = async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await context.Response.WriteAsync("first\n", CancellationToken.None);
            await context.Response.Body.FlushAsync(CancellationToken.None);
            await aborted.Task;
        };
        using (var client = system.CreateClient(InteropSystem.Find(listener), new Version(version)))
        {
            using var request = EnvoyRequests.ForScript(client, "left-in-answer");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal("first", await reader.ReadLineAsync().WaitAsync(Limit));
            await system.Picker.AwaitOpenStreamsAsync(1);

            // Requests whose model the picker did not see are not counted as running.
            await system.AwaitRunningAsync(running);
        }

        await aborted.Task.WaitAsync(Limit);
        await system.AwaitIdleAsync();
    }

    [EnvoyTheory]
    [InlineData("full-duplex", "1.1")]
    [InlineData("full-duplex", "2.0")]
    [InlineData("buffered", "1.1")]
    [InlineData("buffered", "2.0")]
    [InlineData("buffered-partial", "1.1")]
    [InlineData("streamed", "1.1")]
    [InlineData("streamed", "2.0")]
    [InlineData("no-bodies", "1.1")]
    [InlineData("no-response-body", "1.1")]
    public async Task Request_ClientLeavesInMidBody_NothingStaysOpenOrRunning(string listener, string version)
    {
        using var leave = new CancellationTokenSource();
        using var client = system.CreateClient(InteropSystem.Find(listener), new Version(version));
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
        await system.AwaitIdleAsync();
    }
}
