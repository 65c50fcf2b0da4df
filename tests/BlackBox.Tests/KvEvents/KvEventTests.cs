using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.BlackBox.Tests.KvEvents;

/// <summary>Requests go where the servers' own events say that their prompts are.</summary>
public sealed class KvEventTests(EventfulPicker picker) : IClassFixture<EventfulPicker>
{
    /// <summary>By chance, one of three servers is picked this often in a row once in 10^9 times.</summary>
    private const int Enough = 20;

    private readonly ExtProcClient _client = picker.ClientOf(EventfulPicker.Service);

    /// <summary>A prompt of three blocks and a few tokens; each test has one of its own.</summary>
    private static int[] Tokens(int seed, int count = 50) => [.. Enumerable.Range(0, count).Select(i => (seed * 1000) + i)];

    private static IEnumerable<object> Names(int seed, int count = 3) => Enumerable.Range(0, count).Select(i => (object)((seed * 1000) + i));

    private static byte[] Stored(int seed, int blocks = 3) => KvBatch.Of(KvBatch.Stored(Names(seed, blocks), null, Tokens(seed, blocks * 16), 16, null, "GPU"));

    private async Task<string> PickAsync(int[] tokens, string model = "llama") =>
        (await _client.PickAsync($$"""{"model":"{{model}}","prompt":[{{string.Join(',', tokens)}}]}""")).Destination!;

    private async Task<HashSet<string>> PickManyAsync(int[] tokens, string model = "llama")
    {
        var picked = new HashSet<string>();
        for (var i = 0; i < Enough; i++)
        {
            picked.Add(await PickAsync(tokens, model));
        }

        return picked;
    }

    private async Task PublishAsync(int server, byte[] batch)
    {
        await picker.Publishers[server].AwaitSubscriberAsync();
        await picker.Publishers[server].PublishAsync(batch);
    }

    /// <summary>Waits until only this server is picked.</summary>
    private Task AwaitOnlyAsync(int server, int[] tokens) =>
        Bounds.UntilAsync(async () => (await PickManyAsync(tokens)).SetEquals([picker.Servers[server]]), $"all requests go to server {server}");

    private Task AwaitAnyAsync(int[] tokens) => Bounds.UntilAsync(async () => (await PickManyAsync(tokens)).Count > 1, "requests go to several servers");

    [Fact]
    public async Task TokenPrompt_GoesWhereItsBlocksAre_UntilTheyAreRemoved()
    {
        await PublishAsync(0, Stored(1));
        await AwaitOnlyAsync(0, Tokens(1));

        // Other tokens, another model, less than a block: nobody has them.
        Assert.NotEqual([picker.Servers[0]], await PickManyAsync(Tokens(2)));
        Assert.NotEqual([picker.Servers[0]], await PickManyAsync(Tokens(1), "other"));
        Assert.NotEqual([picker.Servers[0]], await PickManyAsync(Tokens(1, 15)));

        await PublishAsync(0, KvBatch.Of(KvBatch.Removed(Names(1), "GPU")));
        await AwaitAnyAsync(Tokens(1));
    }

    [Fact]
    public async Task TokenPrompt_GoesToTheLongestPrefix_AndElsewhereWhenTheCacheIsCleared()
    {
        await PublishAsync(0, Stored(3, blocks: 1));
        await PublishAsync(2, Stored(3, blocks: 2));
        await AwaitOnlyAsync(2, Tokens(3));

        await PublishAsync(2, KvBatch.Of(KvBatch.Cleared()));
        await AwaitOnlyAsync(0, Tokens(3));
    }

    [Fact]
    public async Task TokenPrompt_PublishedBeforeThePickerWasThere_GoesToTheServerThatToldAgain()
    {
        await AwaitOnlyAsync(1, [.. Enumerable.Repeat(7, 16)]);
    }

    [Fact]
    public async Task ModelServer_ThatComesAndGoes_IsFollowedAndForgotten()
    {
        const string Size = "llm_d_epp_prefix_indexer_size";
        const string Type = "precise-prefix-cache-producer";
        var added = picker.Servers.Count;
        await picker.AddServerAsync("late");
        await PublishAsync(added, Stored(5));
        await AwaitOnlyAsync(added, Tokens(5));
        var before = (await picker.ReadMetricsAsync()).Sum(Size, [("plugin_type", Type)]);

        picker.Manifests.DeletePod("late", "ns");
        await picker.AwaitMetricAsync(before - 3, Size, ("plugin_type", Type));
        Assert.DoesNotContain(picker.Servers[added], await PickManyAsync(Tokens(5)));
    }

    [Fact]
    public async Task Text_GoesWhereItWasSentBefore()
    {
        var body = $$"""{"model":"llama","prompt":"{{string.Concat(Enumerable.Repeat("a text that is no tokens ", 40))}}"}""";
        var first = (await _client.PickAsync(body)).Destination;
        for (var i = 0; i < Enough; i++)
        {
            Assert.Equal(first, (await _client.PickAsync(body)).Destination);
        }
    }
}
