using System.Text;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Tells what a header means by its name, whatever its case.</summary>
internal static class HeaderRoles
{
    /// <summary>The role of a name. Most names differ in length from all that are known, so most cost a jump.</summary>
    public static HeaderRole Of(ReadOnlySpan<byte> name)
    {
        return name.Length switch
        {
            5 => Is(name, ":path"u8) ? HeaderRole.Path : HeaderRole.Other,
            6 => Is(name, "prefer"u8) ? HeaderRole.Prefer : Is(name, "status"u8) ? HeaderRole.Status : HeaderRole.Other,
            7 => Is(name, ":status"u8) ? HeaderRole.Status : HeaderRole.Other,
            10 => Is(name, "tracestate"u8) ? HeaderRole.TraceState : HeaderRole.Other,
            11 => Is(name, WellKnown.TraceParentHeader) ? HeaderRole.TraceParent : HeaderRole.Other,
            12 => Is(name, "content-type"u8) ? HeaderRole.ContentType : Is(name, WellKnown.RequestIdHeader) ? HeaderRole.RequestId : HeaderRole.Other,
            13 => Is(name, "x-slo-ttft-ms"u8) ? HeaderRole.TtftSloAlias : Is(name, "x-slo-tpot-ms"u8) ? HeaderRole.TpotSloAlias : HeaderRole.Other,
            14 => Is(name, WellKnown.ContentLengthHeader) ? HeaderRole.Control : HeaderRole.Other,
            15 => Is(name, "x-original-path"u8) ? HeaderRole.OriginalPath : HeaderRole.Other,
            16 => Is(name, "x-forwarded-path"u8) ? HeaderRole.ForwardedPath : HeaderRole.Other,
            17 => Is(name, "x-llm-d-video-fps"u8) ? HeaderRole.VideoFramesPerSecond : HeaderRole.Other,
            19 => Is(name, "x-llm-d-slo-ttft-ms"u8) ? HeaderRole.TtftSlo : Is(name, "x-llm-d-slo-tpot-ms"u8) ? HeaderRole.TpotSlo : HeaderRole.Other,
            24 => Is(name, "x-llm-d-video-resolution"u8) ? HeaderRole.VideoResolution : Is(name, WellKnown.ResponseSeenHeader) ? HeaderRole.ResponseSeen : HeaderRole.Other,
            26 => Is(name, "x-llm-d-model-name-rewrite"u8) ? HeaderRole.ModelRewrite : HeaderRole.Other,
            27 => Is(name, "x-llm-d-inference-objective"u8) ? HeaderRole.Objective : HeaderRole.Other,
            28 => Is(name, "x-gateway-model-name-rewrite"u8) ? HeaderRole.ModelRewriteAlias : HeaderRole.Other,
            29 => Is(name, "x-gateway-inference-objective"u8) ? HeaderRole.ObjectiveAlias
                : Is(name, "x-llm-d-inference-fairness-id"u8) ? HeaderRole.FairnessId : HeaderRole.Other,
            30 => Is(name, WellKnown.DestinationHeader) || Is(name, WellKnown.DroppedReasonHeader) ? HeaderRole.Control
                : Is(name, "x-llm-d-video-duration-seconds"u8) ? HeaderRole.VideoDuration : HeaderRole.Other,
            31 => Is(name, "x-gateway-inference-fairness-id"u8) ? HeaderRole.FairnessIdAlias : HeaderRole.Other,
            34 => Is(name, WellKnown.ServedVerdictHeader) ? HeaderRole.ServedVerdict : HeaderRole.Other,
            37 => Is(name, WellKnown.ServedKey) || Is(name, WellKnown.SubsetKey) ? HeaderRole.Control : HeaderRole.Other,
            _ => HeaderRole.Other,
        };
    }

    /// <summary>Headers that are agreed between gateway and picker, or that are the picker's to set: repeated neither to the model server nor to the client.</summary>
    public static bool IsSystemOwned(HeaderRole role) => role >= HeaderRole.Objective;

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);
}
