using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.Picking.Tests.Tokenization;

/// <summary>The figures are worked out beside each case.</summary>
public sealed class MediaEstimateTests
{
    private static MediaEstimate Pictures(ImageEstimateParameters image) => new(new EstimateParameters { Image = image });

    private static int Video(VideoEstimateParameters video, VideoFacts facts = default) => new MediaEstimate(new EstimateParameters { Video = video }).Video(facts);

    private static TokensPerFrameParameters StaticFrame(int? tokens) => new() { Mode = "static", Static = new() { NumTokensPerFrame = tokens } };

    private static FramesParameters Strided(int stride) => new() { Mode = "strided", Strided = new() { FrameStride = stride } };

    [Theory]
    [InlineData(640, 360, 225)] // 230,400 / 1,024
    [InlineData(1280, 720, 900)] // 921,600 / 1,024
    [InlineData(33, 32, 1)] // 1,056 / 1,024 = 1.03
    [InlineData(1, 1, 1)] // 1 at least
    [InlineData(65_535, 65_535, 1 << 20)] // 4,294,836,225 / 1,024 = 4,194,176, more than any counts
    [InlineData(int.MaxValue, int.MaxValue, 1 << 20)]
    public void Picture_ByDefault_IsATokenFor1024Pixels(int width, int height, int expected) =>
        Assert.Equal(expected, new MediaEstimate(new()).Picture(width, height));

    [Fact]
    public void Picture_WithFactor_IsDividedByIt()
    {
        var estimate = Pictures(new() { Dynamic = new() { Factor = 784 }, DefaultResolution = new() { Width = 1000 } });

        Assert.Equal(1175, estimate.Picture(1280, 720)); // 921,600 / 784 = 1,175.5
        Assert.Equal(459, estimate.Picture()); // 1,000 · 360 / 784 = 459.2
        Assert.Equal(225, new MediaEstimate(new()).Picture());
    }

    [Theory]
    [InlineData(576, 576)]
    [InlineData(null, 1)]
    public void Picture_Static_IsTheSameForAll(int? tokens, int expected)
    {
        var estimate = Pictures(new() { Mode = "static", Static = new() { StaticToken = tokens } });

        Assert.False(estimate.GoesBySize);
        Assert.Equal(expected, estimate.Picture());
        Assert.Equal(expected, estimate.Picture(9999, 9999));
    }

    [Fact]
    public void Video_ByDefault_IsTwentyFramesOf225() => Assert.Equal(4500, Video(new())); // 10 s · 2 · (640 · 360 / 1,024)

    [Theory]
    [InlineData(0, 0, 12.5, 0, 5625)] // 25 frames of 225
    [InlineData(1280, 720, 0, 0, 18_000)] // 20 frames of 900
    [InlineData(1280, 720, 12.5, 0, 22_500)] // 25 of 900
    [InlineData(0, 0, 0, 60, 4500)] // the video's own rate makes no difference where frames are sampled
    [InlineData(0, 0, 2.7, 0, 1125)] // 5.4 frames are 5
    [InlineData(0, 0, 0.1, 0, 1)] // 0.2 frames are none; 1 token at least
    [InlineData(0, 0, 1e300, 0, 1 << 20)]
    [InlineData(int.MaxValue, int.MaxValue, 1e300, 1e300, 1 << 20)]
    public void Video_WithHeaders_GoesByThem(int width, int height, double duration, double fps, int expected) =>
        Assert.Equal(expected, Video(new(), new VideoFacts(width, height, duration, fps)));

    [Fact]
    public void Video_Sampled_LimitsFramesAndMergesThem()
    {
        var merged = new FramesParameters { MinFrames = 4, MaxFrames = 15, Sampled = new() { SampleFPS = 3, TemporalPatchSize = 2 } };

        Assert.Equal(7 * 225, Video(new() { Frames = merged })); // 30 frames are 15 at most, and 7 pairs
        Assert.Equal(2 * 225, Video(new() { Frames = merged, DefaultDuration = 1 })); // 3 frames are 4 at least, and 2 pairs
        Assert.Equal(20 * 225, Video(new() { Frames = new() { Sampled = new() { TemporalPatchSize = 1 } } }));
    }

    [Fact]
    public void Video_Strided_TakesOneOfSoManyFrames()
    {
        var video = new VideoEstimateParameters { TokensPerFrame = StaticFrame(64), Frames = Strided(12) };

        Assert.Equal(20 * 64, Video(video)); // 10 s · 24 / 12
        Assert.Equal(31 * 64, Video(video, new VideoFacts(1280, 720, 12.5, 29.97))); // 374.6 frames are 374, / 12 = 31.2; a frame's size makes no difference
        Assert.Equal(16 * 64, Video(video with { Frames = Strided(12) with { MaxFrames = 16 } }));
        Assert.Equal(99 * 64, Video(video with { Frames = Strided(12) with { MinFrames = 99 } }));
        Assert.Equal(240, Video(video with { Frames = Strided(1), TokensPerFrame = StaticFrame(null) })); // 240 frames of 1 token
    }

    [Fact]
    public void Video_ByItsDefaults_AndItsLimit()
    {
        // 4 s · 2 frames of 320 · 180 / 100 = 576 tokens each.
        var video = new VideoEstimateParameters
        {
            DefaultDuration = 4,
            DefaultResolution = new() { Width = 320, Height = 180 },
            TokensPerFrame = new() { Dynamic = new() { Factor = 100 } },
        };

        Assert.Equal(8 * 576, Video(video));
        Assert.Equal(1000, Video(video with { MaxVideoTokens = 1000 }));
        Assert.Equal(8 * 576, Video(video with { MaxVideoTokens = 5000 }));
    }
}
