namespace Orleans.Inference.Picking.Tokenization;

/// <summary>How many tokens stand for a picture and for a video, by the parameters of <c>token-producer</c>.</summary>
/// <remarks>Immutable; safe from any thread. What is asked costs some nanoseconds.</remarks>
/// <param name="parameters">Values in their ranges.</param>
public sealed class MediaEstimate(EstimateParameters parameters)
{
    /// <summary>Most tokens of one picture or video: a client says how large it is, in some bytes, and what stands for it is hashed. No model takes as much.</summary>
    public const int MostTokens = 1 << 20;

    private readonly ImageEstimateParameters _image = parameters.Image;
    private readonly VideoEstimateParameters _video = parameters.Video;

    /// <summary>Whether the size of a picture makes a difference.</summary>
    public bool GoesBySize => _image.Mode == TokenCountMode.Dynamic;

    /// <summary>Tokens of a picture whose size isn't known.</summary>
    public int Picture() => Picture(_image.DefaultResolution.Width, _image.DefaultResolution.Height);

    /// <summary>Tokens of a picture: 1 at least, <see cref="MostTokens"/> at most.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public int Picture(int width, int height) => GoesBySize ? Bounded((long)width * height / _image.Dynamic.Factor) : _image.Static.StaticToken ?? 1;

    /// <summary>Tokens of a video: frames times tokens of a frame, 1 at least, <see cref="MostTokens"/> at most.</summary>
    /// <param name="facts">What the request says of it.</param>
    public int Video(in VideoFacts facts)
    {
        // Each of the two is bounded before, so that their product can't overflow.
        var tokens = (long)Frames(facts) * TokensPerFrame(facts);
        return Bounded(_video.MaxVideoTokens > 0 ? Math.Min(tokens, _video.MaxVideoTokens) : tokens);
    }

    private static int Bounded(long tokens) => (int)Math.Clamp(tokens, 1, MostTokens);

    private int Frames(in VideoFacts facts)
    {
        var frames = _video.Frames;
        var duration = facts.Duration > 0 ? facts.Duration : _video.DefaultDuration;
        if (frames.Mode == FrameCountMode.Strided)
        {
            return Limited(Whole(duration * (facts.FramesPerSecond > 0 ? facts.FramesPerSecond : frames.Strided.DefaultSourceFPS)) / frames.Strided.FrameStride);
        }

        return Limited(Whole(duration * frames.Sampled.SampleFPS)) / Math.Max(1, frames.Sampled.TemporalPatchSize);
    }

    private static int Whole(double frames) => (int)Math.Min(frames, int.MaxValue);

    private int Limited(int frames)
    {
        frames = Math.Max(frames, _video.Frames.MinFrames);
        return _video.Frames.MaxFrames > 0 ? Math.Min(frames, _video.Frames.MaxFrames) : frames;
    }

    private int TokensPerFrame(in VideoFacts facts)
    {
        var tokens = _video.TokensPerFrame;
        if (tokens.Mode == TokenCountMode.Static)
        {
            return tokens.Static.NumTokensPerFrame ?? 1;
        }

        var (width, height) = facts.Width > 0 ? (facts.Width, facts.Height) : (_video.DefaultResolution.Width, _video.DefaultResolution.Height);
        return Bounded((long)width * height / tokens.Dynamic.Factor);
    }
}
