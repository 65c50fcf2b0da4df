using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>
/// <c>disagg-profile-handler</c>: picks a server for each stage of a request: one that decodes, the destination, and where their deciders say so one that processes the prompt and some that
/// encode images. The destination is told of the others in headers.
/// </summary>
/// <remarks>
/// A stage whose profile finds no server is left to the destination; without a server for decoding the request is refused. No state: what ran so far says what is next, and each decider is
/// asked once.
/// </remarks>
public sealed class DisaggProfileHandler : IStageHandler, IStageAnnouncer
{
    /// <summary>Decode, encode, prefill.</summary>
    internal const string DecodeFirst = "decode-first";

    /// <summary>Prefill, encode, decode.</summary>
    internal const string PrefillFirst = "prefill-first";

    private const string Type = "disagg-profile-handler";

    private readonly bool _prefillFirst;
    private readonly int _decode;
    private readonly int _prefill;
    private readonly int _encode;
    private readonly IDisaggregationDecider? _prefillDecider;
    private readonly IDisaggregationDecider? _encodeDecider;
    private readonly StageDecisions _decisions;

    private DisaggProfileHandler(DisaggProfileHandlerParameters parameters, PluginContext context)
    {
        _prefillFirst = OrderOf(parameters.StageOrder) == PrefillFirst;
        _decode = context.Profiles.IndexOf(parameters.Profiles.Decode);
        _prefill = context.Profiles.IndexOf(parameters.Profiles.Prefill);
        _encode = context.Profiles.IndexOf(parameters.Profiles.Encode);
        _prefillDecider = context.Resolve<IDisaggregationDecider>(parameters.Deciders.Prefill);
        _encodeDecider = context.Resolve<IDisaggregationDecider>(parameters.Deciders.Encode);
        _decisions = new(context.Name, Type);
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<DisaggProfileHandler, DisaggProfileHandlerParameters>(Type, Create) with
    {
        Summary = "Splits a request's stages over servers: the profile `decode` picks the destination, and where the stages' deciders say so `prefill` picks who processes the prompt, told in the "
            + "request header `x-prefiller-host-port`, and `encode` who encodes images, told in `x-encoder-hosts-ports`. Where a stage is not split off, a client's header of that name is taken away.",
        Example = """
            - type: decode-filter
            - type: prefill-filter
            - type: queue-scorer
            - type: prefix-cache-scorer
            - type: prefix-based-pd-decider
              parameters:
                nonCachedTokens: 512
            - type: disagg-profile-handler
              parameters:
                deciders:
                  prefill: prefix-based-pd-decider
            schedulingProfiles:
            - name: decode
              plugins:
              - pluginRef: decode-filter
              - pluginRef: queue-scorer
            - name: prefill
              plugins:
              - pluginRef: prefill-filter
              - pluginRef: prefix-cache-scorer
            """,
    };

    StageProfiles IStageHandler.Stages => Stages;

    StageProfiles IStageAnnouncer.Stages => Stages;

    private StageProfiles Stages => new(_decode, _prefill, _encode);

    /// <inheritdoc/>
    public int Next(in PickContext context, ReadOnlySpan<ProfileRun> runs) => _prefillFirst ? NextOfPrefillFirst(context, runs) : NextOfDecodeFirst(context, runs);

    /// <inheritdoc/>
    public int Primary(in PickContext context, ReadOnlySpan<ProfileRun> runs) => Math.Max(0, runs.PlaceOf(_decode));

    /// <inheritdoc/>
    public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits)
    {
        DisaggregationHeaders.Write(context, result, _prefill, _encode, edits.Headers);
        edits.Prefill = result.BestOf(_prefill);
        edits.EncodeProfile = _encode;
        edits.Disaggregation = _decisions.Of(prefill: edits.Prefill >= 0, encode: result.BestOf(_encode) >= 0);
    }

    private static DisaggProfileHandler Create(DisaggProfileHandlerParameters parameters, PluginContext context)
    {
        if (OrderOf(parameters.StageOrder) is null)
        {
            context.Fault("stageOrder", $"stageOrder must be {DecodeFirst} or {PrefillFirst}, not \"{parameters.StageOrder}\"");
        }

        parameters = parameters.Modernized(context);
        var handler = new DisaggProfileHandler(parameters, context);
        if (handler._decode < 0)
        {
            context.Fault("profiles", $"there is no profile '{parameters.Profiles.Decode}' to decode with");
        }

        if (handler._prefillFirst && handler._prefillDecider is not null)
        {
            context.Warn("deciders", "deciders.prefill has no effect in prefill-first order: every prompt is split off");
        }

        WarnOfMissing(context, handler._prefillDecider, handler._prefill, "prefill", parameters.Profiles.Prefill);
        WarnOfMissing(context, handler._encodeDecider, handler._encode, "encode", parameters.Profiles.Encode);
        return handler;
    }

    /// <summary>As the reference picker reads it: in any case, with or without hyphens and underlines, and without <c>first</c> too. Null where it is none of the two.</summary>
    private static string? OrderOf(string text) => text.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal) switch
    {
        "DECODEFIRST" or "DECODE" => DecodeFirst,
        "PREFILLFIRST" or "PREFILL" => PrefillFirst,
        _ => null,
    };

    private static void WarnOfMissing(PluginContext context, IDisaggregationDecider? decider, int profile, string stage, string name)
    {
        if (decider is not null && profile < 0)
        {
            context.Warn("deciders", $"deciders.{stage} has no effect: there is no profile '{name}'");
        }
    }

    private int NextOfDecodeFirst(in PickContext context, ReadOnlySpan<ProfileRun> runs)
    {
        if (runs.IsEmpty)
        {
            return _decode;
        }

        var server = runs[0].Best;
        if (server < 0)
        {
            return IProfileHandler.Done;
        }

        if (runs.Length == 1 && _encode >= 0 && _encodeDecider?.Disaggregate(context, server) == true)
        {
            return _encode;
        }

        return _prefill >= 0 && runs[^1].Profile != _prefill && _prefillDecider?.Disaggregate(context, server) == true ? _prefill : IProfileHandler.Done;
    }

    private int NextOfPrefillFirst(in PickContext context, ReadOnlySpan<ProfileRun> runs)
    {
        if (_prefill >= 0 && runs.IsEmpty)
        {
            return _prefill;
        }

        if (runs.PlaceOf(_decode) >= 0)
        {
            return IProfileHandler.Done;
        }

        return _encode >= 0 && runs.PlaceOf(_encode) < 0 && _encodeDecider?.Disaggregate(context, -1) == true ? _encode : _decode;
    }
}
