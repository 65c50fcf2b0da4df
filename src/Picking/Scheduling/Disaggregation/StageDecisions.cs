namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>The outcomes of one handler, made once.</summary>
internal sealed class StageDecisions(string pluginName, string pluginType)
{
    private readonly DisaggregationDecision _decodeOnly = new(pluginName, pluginType, NameOf(prefill: false, encode: false));
    private readonly DisaggregationDecision _prefillDecode = new(pluginName, pluginType, NameOf(prefill: true, encode: false));
    private readonly DisaggregationDecision _encodeDecode = new(pluginName, pluginType, NameOf(prefill: false, encode: true));
    private readonly DisaggregationDecision _all = new(pluginName, pluginType, NameOf(prefill: true, encode: true));

    /// <summary>The outcome with these stages beside decoding.</summary>
    public DisaggregationDecision Of(bool prefill, bool encode) => (prefill, encode) switch
    {
        (false, false) => _decodeOnly,
        (true, false) => _prefillDecode,
        (false, true) => _encodeDecode,
        _ => _all,
    };

    /// <summary>What the outcome with these stages is called.</summary>
    public static string NameOf(bool prefill, bool encode) => (prefill, encode) switch
    {
        (false, false) => "decode-only",
        (true, false) => "prefill-decode",
        (false, true) => "encode-decode",
        _ => "encode-prefill-decode",
    };
}
