namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>The outcomes of one handler, made once.</summary>
internal sealed class StageDecisions(string pluginName, string pluginType)
{
    private readonly DisaggregationDecision _decodeOnly = new(pluginName, pluginType, "decode-only");
    private readonly DisaggregationDecision _prefillDecode = new(pluginName, pluginType, "prefill-decode");
    private readonly DisaggregationDecision _encodeDecode = new(pluginName, pluginType, "encode-decode");
    private readonly DisaggregationDecision _all = new(pluginName, pluginType, "encode-prefill-decode");

    /// <summary>The outcome with these stages beside decoding.</summary>
    public DisaggregationDecision Of(bool prefill, bool encode) => (prefill, encode) switch
    {
        (false, false) => _decodeOnly,
        (true, false) => _prefillDecode,
        (false, true) => _encodeDecode,
        _ => _all,
    };
}
