namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>What a header means to the picker.</summary>
internal enum HeaderRole
{
    /// <summary>Nothing: it is the model server's or the client's.</summary>
    Other,

    Path,
    OriginalPath,
    ForwardedPath,
    RequestId,
    Status,
    ContentType,
    TraceParent,
    TraceState,
    Prefer,

    /// <summary>The picker's mark on responses.</summary>
    ResponseSeen,

    /// <summary>Who has served, for conformance tests.</summary>
    ServedVerdict,
    Objective,
    ObjectiveAlias,
    FairnessId,
    FairnessIdAlias,
    ModelRewrite,
    ModelRewriteAlias,
    TtftSlo,
    TtftSloAlias,
    TpotSlo,
    TpotSloAlias,
    VideoFramesPerSecond,
    VideoResolution,
    VideoDuration,

    /// <summary>Agreed between gateway and picker, and never echoed; its value is not read here.</summary>
    Control,
}
