using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Tokenization;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>Prompts whose pictures and videos count by their size, and by what the configuration says of it.</summary>
public sealed class SizedMediaTests
{
    private static readonly RequestRoutes Routes = new([ParserTypes.OpenAi, ParserTypes.Anthropic], new ModelNames(), NullLogger.Instance);

    private static readonly PromptBlocks Blocks = new(PrefixHashRule.Tokens, 64, int.MaxValue);

    private static readonly MediaTokens ByDefaults = new(new MediaEstimate(new()), default);

    private static (PrefixHashes Hashes, long Tokens) Hash(string path, string blocks, MediaTokens sizes)
    {
        var body = Bodies.Whole($$"""{"model":"m","messages":[{"role":"user","content":[{{blocks}},{"type":"text","text":"!"}]}]}""");
        var route = Routes.Resolve(Encoding.ASCII.GetBytes(path))!;
        var parsed = route.Parse(body);
        var hashes = new PrefixHashes();
        var tokens = route.HashPrompt(body, parsed, "m", Blocks, hashes, withMedia: true, sizes);
        var counted = new MediaItems();
        Assert.Equal(tokens, route.CountPromptTokens(body, parsed, out _, counted, sizes));
        Assert.Equal(hashes.Media.Sizes.ToArray(), counted.Sizes.ToArray());
        return (hashes, tokens);
    }

    private static string Chat(string url) => $$$"""{"type":"image_url","image_url":{"url":"{{{url}}}"}}""";

    private static string Video(string url) => $$$"""{"type":"video_url","video_url":{"url":"{{{url}}}"}}""";

    private static string Anthropic(byte[] data) => $$$"""{"type":"image","source":{"type":"base64","data":"{{{Convert.ToBase64String(data)}}}"}}""";

    public static TheoryData<string, string, int> Cases => new()
    {
        // 1,280 · 720 / 1,024
        { "/v1/chat/completions", Chat(Pictures.DataUrl(Pictures.Png(1280, 720))), 900 },
        { "/v1/chat/completions", Chat(Pictures.DataUrl([.. Pictures.Jpeg(1280, 720), .. new byte[30]], "jpeg")), 900 },
        { "/v1/messages", Anthropic(Pictures.Png(1280, 720)), 900 },
        { "/v1/messages", $$"""{"type":"tool_result","content":[{{Anthropic(Pictures.Png(1280, 720))}}]}""", 900 },
        { "/v1/messages", $$$"""{"type":"image","source":{"type":"url","url":"{{{Pictures.DataUrl(Pictures.Png(1280, 720))}}}"}}""", 900 },

        // Nothing tells their size.
        { "/v1/chat/completions", Chat("https://x/p.png"), 225 },
        { "/v1/chat/completions", Chat(Convert.ToBase64String(Pictures.Png(1280, 720))), 225 },
        { "/v1/messages", Anthropic([1, 2, 3]), 225 },
        { "/v1/chat/completions", Video("https://x/v.mp4"), 4500 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void HashPrompt_Media_CountsByItsSize(string path, string block, int expected)
    {
        var (hashes, tokens) = Hash(path, block, ByDefaults);

        // "user" and "!" are one token each.
        Assert.Equal(1 + expected + 1, tokens);
        Assert.Equal([expected], hashes.Media.Sizes.ToArray());
        Assert.Equal((tokens + 63) / 64, hashes.TotalBlocks);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HashPrompt_NobodyAsksForSizes_CountsWhatIsUsual(string path, string block, int bySize)
    {
        var expected = bySize == 4500 ? 4500 : 225;
        var (hashes, tokens) = Hash(path, block, default);

        Assert.Equal(1 + expected + 1, tokens);
        Assert.Equal([expected], hashes.Media.Sizes.ToArray());
    }

    [Fact]
    public void HashPrompt_SizesNotTold_GivesTheSameChainsAsWithoutAnEstimate()
    {
        var blocks = $"{Chat("https://x/p.png")},{Video("https://x/v.mp4")}";

        Assert.Equal(Hash("/v1/chat/completions", blocks, default).Hashes.Chain(0).ToArray(), Hash("/v1/chat/completions", blocks, ByDefaults).Hashes.Chain(0).ToArray());
    }

    [Fact]
    public void HashPrompt_Static_DoesNotLookAtThePicture()
    {
        var estimate = new MediaEstimate(new() { Image = new() { Mode = "static", Static = new() { StaticToken = 77 } } });

        Assert.Equal(1 + 77 + 1, Hash("/v1/chat/completions", Chat(Pictures.DataUrl(Pictures.Png(1280, 720))), new MediaTokens(estimate, default)).Tokens);
    }

    [Fact]
    public void HashPrompt_Videos_GoByWhatTheRequestSays()
    {
        // 5 s · 2 frames of 900 tokens, for each of them.
        var sizes = new MediaTokens(new MediaEstimate(new()), new VideoFacts(1280, 720, 5, 0));

        Assert.Equal(1 + 9000 + 9000 + 1, Hash("/v1/chat/completions", $"{Video("https://x/1")},{Video("https://x/2")}", sizes).Tokens);
    }

    /// <summary>Six pictures that say of themselves, in 37 bytes each, to have 4,194,176 tokens: each counts 1,048,576, and of all of them 4,194,304 are hashed, which are 65,536 blocks.</summary>
    [Fact]
    public void HashPrompt_PicturesOfAnyClaim_CostABoundedTime()
    {
        var pictures = Enumerable.Range(0, 6).Select(i => Chat(Pictures.DataUrl([.. Pictures.Png(65_535, 65_535), (byte)i])));
        var (hashes, tokens) = Hash("/v1/chat/completions", string.Join(',', pictures), ByDefaults);

        Assert.Equal(1 + (6 * (1 << 20)) + 1, tokens);
        Assert.Equal((1 << 16) + 1, hashes.TotalBlocks);
    }

    [Fact]
    public void HashPrompt_WarmedUp_AllocatesNothing()
    {
        var picture = Chat(Pictures.DataUrl([.. Pictures.Jpeg(1280, 720, frame: 0xc0, 5000), .. new byte[3000]]));
        var body = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":[{{picture}},{{picture.Replace("/9j", "\\/9j", StringComparison.Ordinal)}},{{Video("v")}}]}]}""");
        var pieces = Bodies.Split(body, [.. Enumerable.Range(1, (body.Length - 1) / 777).Select(i => i * 777)]);
        var route = Routes.Resolve("/v1/chat/completions"u8)!;
        var parsed = route.Parse(pieces);
        var hashes = new PrefixHashes();

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => route.HashPrompt(pieces, parsed, "m", Blocks, hashes, withMedia: false, ByDefaults)));
        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => route.CountPromptTokens(pieces, parsed, out _, media: null, ByDefaults)));
    }
}
