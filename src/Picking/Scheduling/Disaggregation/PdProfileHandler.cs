using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary><c>pd-profile-handler</c>: what <see cref="DisaggProfileHandler"/> does in decode-first order without encoding; the headers are a <see cref="DisaggHeadersHandler"/>'s.</summary>
public sealed class PdProfileHandler : IStageHandler, IPreRequest
{
    /// <summary>The type, which has a metric of its own.</summary>
    public const string Type = "pd-profile-handler";

    private readonly int _decode;
    private readonly int _prefill;
    private readonly int _primaryPort;
    private readonly IDisaggregationDecider? _decider;
    private readonly StageDecisions _decisions;
    private readonly bool _precise;

    private PdProfileHandler(PdProfileHandlerParameters parameters, PluginContext context)
    {
        _decode = context.Profiles.IndexOf(parameters.DecodeProfile);
        _prefill = context.Profiles.IndexOf(parameters.PrefillProfile);
        _primaryPort = parameters.PrimaryPort;
        _decider = context.Resolve<IDisaggregationDecider>(parameters.DeciderPluginName);
        _decisions = new(context.Name, Type);
        _precise = context.IsPrecise(parameters.PrefixMatchInfoProducerName);
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<PdProfileHandler, PdProfileHandlerParameters>(Type, Create) with
    {
        Summary = "Picks a server that decodes, and one that processes the prompt where the decider says so; needs a `disagg-headers-handler` that tells the first of the second.",
        ReplacedBy = "disagg-profile-handler",
        Example = """
            - type: prefix-based-pd-decider
              parameters:
                nonCachedTokens: 512
            - type: disagg-headers-handler
            - type: pd-profile-handler
              parameters:
                deciderPluginName: prefix-based-pd-decider
            schedulingProfiles:
            - name: decode
              plugins: []
            - name: prefill
              plugins: []
            """,
    };

    StageProfiles IStageHandler.Stages => new(_decode, _prefill, -1);

    /// <inheritdoc/>
    public int Next(in PickContext context, ReadOnlySpan<ProfileRun> runs)
    {
        if (runs.IsEmpty)
        {
            return _decode;
        }

        var server = runs[0].Best;
        return runs.Length == 1 && server >= 0 && _prefill >= 0 && _decider?.Disaggregate(context.WithPrefix(_precise), server) == true ? _prefill : IProfileHandler.Done;
    }

    /// <inheritdoc/>
    public int Primary(in PickContext context, ReadOnlySpan<ProfileRun> runs) => 0;

    /// <inheritdoc/>
    public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits)
    {
        edits.Prefill = result.BestOf(_prefill);
        edits.Disaggregation = _decisions.Of(prefill: edits.Prefill >= 0, encode: false);
        if (_primaryPort > 0)
        {
            DisaggregationHeaders.WriteDataParallel(context, result, _primaryPort, edits);
        }
    }

    private static PdProfileHandler Create(PdProfileHandlerParameters parameters, PluginContext context)
    {
        var handler = new PdProfileHandler(parameters, context);
        if (handler._decode < 0)
        {
            context.Fault("decodeProfile", $"there is no profile '{parameters.DecodeProfile}' to decode with");
        }

        return handler;
    }
}
