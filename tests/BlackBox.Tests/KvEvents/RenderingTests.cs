using Microsoft.AspNetCore.Http;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.BlackBox.Tests.KvEvents;

/// <summary>Text goes where the blocks of its tokens are, which a vLLM server tells; whatever that does, requests go on.</summary>
public sealed class RenderingTests(RenderingPicker picker) : IClassFixture<RenderingPicker>
{
    private const string Chat = """{"messages":[{"role":"user","content":"hello"}],"model":"llama"}""";

    private readonly ExtProcClient _client = picker.ClientOf(RenderingPicker.Service);

    private static string Ids(int from, int count) => "[" + string.Join(',', Enumerable.Range(from, count)) + "]";

    private async Task PublishAsync(int server, int name, int from)
    {
        await picker.Publishers[server].AwaitSubscriberAsync();
        await picker.Publishers[server].PublishAsync(KvBatch.Of(KvBatch.Stored([name, name + 1], null, Enumerable.Range(from, 32), 16)));
    }

    private Task AwaitOnlyAsync(string server, string body, string path) => Bounds.UntilAsync(
        async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                if ((await _client.PickAsync(body, path)).Destination != server)
                {
                    return false;
                }
            }

            return true;
        },
        $"all requests go to {server}");

    [Fact]
    public async Task Chat_TokensFromTheRenderer_GoesWhereTheirBlocksAre()
    {
        picker.Answer = (context, _) => context.Response.WriteAsync($$"""{"token_ids":{{Ids(500, 40)}},"features":null}""");
        await PublishAsync(1, 10, 500);
        await AwaitOnlyAsync(picker.Servers[1], Chat, Exchanges.Chat);

        Assert.Contains(("/v1/chat/completions/render", """{"messages":[{"role":"user","content":"hello"}],"model":"base"}"""), picker.Asked);
        Assert.Contains((await _client.PickAsync("""{"messages":[{"role":"user","content":"hello"}],"model":"other"}""", Exchanges.Chat)).Destination, picker.Servers);
    }

    /// <summary>A body that is parsed outside the turn.</summary>
    [Fact]
    public async Task Completion_OfManyBytes_GoesWhereItsBlocksAre()
    {
        picker.Answer = (context, _) => context.Response.WriteAsync($$"""[{"token_ids":{{Ids(900, 40)}} }]""");
        var body = $$"""{"model":"llama","prompt":"{{new string('x', 400_000)}}"}""";
        await PublishAsync(0, 20, 900);
        await AwaitOnlyAsync(picker.Servers[0], body, Exchanges.Completions);

        Assert.Contains(picker.Asked, asked => asked.Path == "/v1/completions/render" && asked.Body.Length == body.Length - 1);
    }

    [Fact]
    public async Task Renderer_ThatFailsOrIsSlow_RequestsGoOn()
    {
        await PublishAsync(0, 30, 2000);
        foreach (var answer in new Func<HttpContext, string, Task>[]
        {
            (context, _) => Task.FromResult(context.Response.StatusCode = 500),
            (context, _) => Task.FromResult(context.Response.StatusCode = 400),
            (context, _) => context.Response.WriteAsync("<html>"),
            (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted),
        })
        {
            // It is asked again a second after it failed.
            var before = picker.Asked.Count;
            picker.Answer = answer;
            await Bounds.UntilAsync(
                async () =>
                {
                    Assert.Contains((await _client.PickAsync(Chat, Exchanges.Chat)).Destination, picker.Servers);
                    return picker.Asked.Count > before;
                },
                "the renderer is asked");
        }
    }

    /// <summary>The client goes while its tokens are waited for: nothing is left over, and others go on.</summary>
    [Fact]
    public async Task Client_ThatVanishesMeanwhile_LeavesNothing()
    {
        await PublishAsync(0, 40, 3000);
        using var asked = new SemaphoreSlim(0);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        picker.Answer = async (context, _) =>
        {
            asked.Release();
            await gate.Task.WaitAsync(Bounds.Wait);
            await context.Response.WriteAsync($$"""{"token_ids":{{Ids(3000, 40)}} }""");
        };
        await Bounds.UntilAsync(
            async () =>
            {
                using var exchange = _client.Open();
                await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Chat, "POST"));
                await exchange.SendRequestBodyAsync(Exchanges.Utf8(Chat), endOfStream: true);
                return await asked.WaitAsync(TimeSpan.FromMilliseconds(200));
            },
            "the renderer is asked");
        await picker.Picker.AwaitOpenStreamsAsync(0);
        gate.SetResult();

        await AwaitOnlyAsync(picker.Servers[0], Chat, Exchanges.Chat);
    }
}
