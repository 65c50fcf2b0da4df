using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Large bodies in both directions, and peers that read late: what waits for them is bounded, and nobody else waits.</summary>
[Collection(InteropCollection.Name)]
public sealed class FlowControlTests(InteropSystem system)
{
    /// <summary>More than all that the sockets, Envoy and the picker keep on the way of one answer.</summary>
    private const long MostOnTheWay = 256L << 20;

    private const int LargestMessage = 4 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string, string, int> Answers()
    {
        var cases = new TheoryData<string, string, string, int>();
        foreach (var (listener, version) in new[] { ("full-duplex", "1.1"), ("full-duplex", "2.0"), ("streamed", "1.1"), ("streamed", "2.0"), ("no-bodies", "1.1"), ("no-response-body", "2.0") })
        {
            foreach (var type in new[] { "application/json", "text/event-stream" })
            {
                foreach (var length in new[] { 0, 358, 200_000, 1_048_576, 3_000_000, 8_000_000 })
                {
                    // In STREAMED mode Envoy makes one message of all that came before the answer to the headers, and gRPC messages have a limit of 4 MiB.
                    if (listener != "streamed" || length < LargestMessage)
                    {
                        cases.Add(listener, version, type, length);
                    }
                }
            }
        }

        foreach (var length in new[] { 0, 358, 200_000, 1_000_000 })
        {
            cases.Add("buffered", "1.1", "application/json", length);
        }

        return cases;
    }

    [EnvoyTheory]
    [MemberData(nameof(Answers))]
    public async Task Answer_OfLength_ArrivesUnchanged(string listener, string version, string type, int length)
    {
        var body = RandomNumberGenerator.GetBytes(length);
        system.Scripts["answer"] = async context =>
        {
            context.Response.ContentType = type;
            context.Response.ContentLength = length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), new Version(version));
        using var request = EnvoyRequests.ForScript(client, "answer");

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var tellsLength = response.Content.Headers.NonValidated.Contains("content-length");
        var answer = await response.Content.ReadAsByteArrayAsync();

        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {System.Text.Encoding.ASCII.GetString(answer)}");
        Assert.True(body.AsSpan().SequenceEqual(answer), $"{answer.Length} of {length} bytes");

        if (length > 0)
        {
            // Envoy takes it from answers that the picker hands on in pieces, and leaves it where the picker does not see the body.
            Assert.Equal(listener is not ("full-duplex" or "streamed"), tellsLength);
        }

        await system.AwaitIdleAsync();
    }

    [EnvoyTheory]
    [InlineData("full-duplex", "1.1", "text/event-stream")]
    [InlineData("full-duplex", "2.0", "text/event-stream")]
    [InlineData("full-duplex", "1.1", "application/json")]
    [InlineData("streamed", "2.0", "text/event-stream")]
    public async Task Answer_ClientReadsLate_ModelServerIsHeldBackAndOthersAreServed(string listener, string version, string type)
    {
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long written = 0;
        var enough = false;
        system.Scripts["endless"] = async context =>
        {
            context.Response.ContentType = type;
            for (var piece = new byte[64 * 1024]; !Volatile.Read(ref enough); Interlocked.Add(ref written, piece.Length))
            {
                RandomNumberGenerator.Fill(piece.AsSpan(0, 1024));
                sent.AppendData(piece);
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), new Version(version));
        using var others = system.CreateClient(InteropSystem.Find(listener), new Version(version));
        using var request = EnvoyRequests.ForScript(client, "endless");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        // Nothing of the answer is read while these are served: without back pressure the model server writes gigabytes meanwhile.
        var body = Bodies.OfLength(1_500_000);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(body.Length, (await EnvoyRequests.PostAsync(others, Bodies.CompletionsPath, body)).Length);
        }

        Assert.InRange(Interlocked.Read(ref written), 0, MostOnTheWay);
        Volatile.Write(ref enough, true);
        using var stream = await response.Content.ReadAsStreamAsync();
        var hash = await SHA256.HashDataAsync(stream).AsTask().WaitAsync(Limit);

        Assert.Equal(sent.GetHashAndReset(), hash);
        await system.AwaitIdleAsync();
    }

    [EnvoyTheory]
    [InlineData("full-duplex", "1.1")]
    [InlineData("full-duplex", "2.0")]
    [InlineData("streamed", "1.1")]
    [InlineData("no-bodies", "2.0")]
    public async Task Post_ModelServerReadsLate_OthersAreServedAndTheBodyArrives(string listener, string version)
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.Scripts["reads-late"] = async context =>
        {
            await read.Task.WaitAsync(Limit);
            await Echo.AnswerAsync(context, "");
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), new Version(version));
        using var others = system.CreateClient(InteropSystem.Find(listener), new Version(version));
        var large = Bodies.OfLength(24_000_000);
        var late = EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, large, (ScriptedModelServer.ScriptHeader, "reads-late"));

        var body = Bodies.OfLength(1_500_000);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(body.Length, (await EnvoyRequests.PostAsync(others, Bodies.CompletionsPath, body)).Length);
        }

        Assert.False(late.IsCompleted);
        read.SetResult();
        Assert.Equal(Echo.HashOf(large), (await late.WaitAsync(Limit)).Hash);
        await system.AwaitIdleAsync();
    }
}
