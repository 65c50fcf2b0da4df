using Orleans.Inference.Picking.Multimodal;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Scorers;

public sealed class MmEmbeddingsCacheScorerTests
{
    private const ulong Picture = 11;
    private const ulong Video = 12;
    private const ulong Sound = 13;

    private static double[] Score(PoolView view, PrefixMatch? media, params int[] candidates)
    {
        var scores = new double[candidates.Length];
        Array.Fill(scores, 7);
        new MmEmbeddingsCacheScorer().Score(new PickContext(view, new(), 0, new Random(1)) { Media = media ?? PrefixMatch.None }, candidates, scores);
        return scores;
    }

    /// <summary>Server 0 got the picture, server 1 the video and the sound, server 2 another picture, server 3 all three.</summary>
    private static PrefixMatch Match(params (ulong Hash, int Tokens)[] request)
    {
        var index = new PrefixIndex();
        index.Add(0, 100, [Picture]);
        index.Add(1, 100, [Video, Sound]);
        index.Add(2, 100, [99]);
        index.Add(3, 100, [Sound, Picture, Video]);
        var items = new MediaItems();
        foreach (var (hash, tokens) in request)
        {
            items.Add(hash, tokens);
        }

        var match = new PrefixMatch();
        index.Match(items, match);
        return match;
    }

    [Fact]
    public void Score_SeveralItems_IsThePartOfTheirTokens()
    {
        // 225 + 4500 + 75 = 4800 tokens: 225/4800 = 0.046875; (4500 + 75)/4800 = 0.953125; 0; 4800/4800 = 1
        var match = Match((Picture, 225), (Video, 4500), (Sound, 75));

        Assert.Equal([0.046875, 0.953125, 0, 1], Score(Scoring.Servers(4), match, 0, 1, 2, 3));
        Assert.Equal([1, 0.046875], Score(Scoring.Servers(4), match, 3, 0));
    }

    [Fact]
    public void Score_ItemTwiceInARequest_CountsOnce()
    {
        // The picture once, the sound once: 225/300 = 0.75 and 75/300 = 0.25; counted twice the picture would make 450/525.
        Assert.Equal([0.75, 0.25], Score(Scoring.Servers(4), Match((Picture, 225), (Sound, 75), (Picture, 225)), 0, 1));
    }

    [Fact]
    public void Score_NoItemsOrNoneKnown_IsZero()
    {
        Assert.Equal([0, 0], Score(Scoring.Servers(4), null, 0, 3));
        Assert.Equal([0, 0], Score(Scoring.Servers(4), Match(), 0, 3));
        Assert.Equal([0, 0], Score(Scoring.Servers(4), Match((77, 225)), 0, 3));
    }

    [Fact]
    public void Score_AndMatch_AllocateNothing()
    {
        var index = new PrefixIndex();
        for (var server = 0; server < 200; server++)
        {
            index.Add(server, 100, [(ulong)(server % 3)]);
        }

        var items = new MediaItems();
        items.Add(1, 225);
        items.Add(2, 225);
        var (view, request, random, match) = (Scoring.Servers(200), new InferenceRequest(), new Random(1), new PrefixMatch());
        var (scorer, candidates, scores) = (new MmEmbeddingsCacheScorer(), Enumerable.Range(0, 200).ToArray(), new double[200]);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            index.Match(items, match);
            scorer.Score(new PickContext(view, request, 0, random) { Media = match }, candidates, scores);
        }));
        Assert.Equal([0, 0.5, 0.5], scores[..3]);
    }

    [Theory]
    [InlineData("", 2048)] // 4096 MiB at 2 MiB an item
    [InlineData("  parameters: {cacheSizeInMBPerServer: 100}\n", 50)]
    [InlineData("  parameters: {cacheSizeInMBPerServer: 1}\n", 1)] // half an item: one at least
    [InlineData("  parameters: {cacheSizeInMBPerServer: 0}\n", 2048)]
    [InlineData("  parameters: {cacheSizeInMBPerServer: -7}\n", 2048)]
    public void Producer_CacheSize_IsHalfAsManyItems(string parameters, int items) =>
        Assert.Equal(items, Loading.Accept($"plugins:\n- type: mm-embeddings-cache-producer\n{parameters}").Find<MmEmbeddingsCacheProducer>()!.ItemsPerServer);

    [Fact]
    public void Producer_NotListed_IsAddedForTheScorer() =>
        Assert.Equal(2048, Loading.Accept("plugins: [{type: mm-embeddings-cache-scorer}]\n").Find<MmEmbeddingsCacheProducer>()!.ItemsPerServer);

    [Fact]
    public void ProducerName_OfNoPlugin_IsAFaultWithItsPlace()
    {
        var outcome = Loading.Load("plugins:\n- type: mm-embeddings-cache-scorer\n  parameters:\n    producerName: nobody\n");

        Assert.Equal("c.yaml:6:19: parameters.producerName: there is no plugin 'nobody'", Assert.Single(outcome.Faults).ToString());
    }
}
