namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>What became of a frame.</summary>
internal enum FrameOutcome
{
    /// <summary>It is part of the view now.</summary>
    Applied,

    /// <summary>It is older than the view.</summary>
    Late,

    /// <summary>A frame before it is missing, or it is of another activation of the pool: only a snapshot helps.</summary>
    Gap,
}
