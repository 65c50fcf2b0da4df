namespace Orleans.Inference.Picking.Configuration;

/// <summary>Where a plugin can be used.</summary>
[Flags]
public enum PluginRoles
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary><see cref="Scheduling.IFilter"/>: in a profile.</summary>
    Filter = 1 << 0,

    /// <summary><see cref="Scheduling.IScorer"/>: in a profile, with a weight.</summary>
    Scorer = 1 << 1,

    /// <summary><see cref="Scheduling.IPicker"/>: last in a profile.</summary>
    Picker = 1 << 2,

    /// <summary><see cref="Scheduling.IProfileHandler"/>: one for all profiles.</summary>
    ProfileHandler = 1 << 3,

    /// <summary><see cref="Saturation.ISaturationDetector"/>.</summary>
    SaturationDetector = 1 << 4,

    /// <summary><see cref="IDataProducer"/>: finds out what other plugins read.</summary>
    DataProducer = 1 << 5,

    /// <summary>Reads bodies of requests: in <c>requestHandler.parsers</c>.</summary>
    Parser = 1 << 6,

    /// <summary>Part of what happens to a request besides the decision.</summary>
    RequestControl = 1 << 7,

    /// <summary>Where figures come from: in <c>dataLayer.sources</c>.</summary>
    DataSource = 1 << 8,

    /// <summary>Reads a data source's figures.</summary>
    DataExtractor = 1 << 9,

    /// <summary>Chooses between flows of one priority.</summary>
    FairnessPolicy = 1 << 10,

    /// <summary>Orders the requests of one flow.</summary>
    OrderingPolicy = 1 << 11,

    /// <summary>Says how full the pool may be for each priority.</summary>
    UsageLimitPolicy = 1 << 12,

    /// <summary><see cref="Scheduling.Disaggregation.IDisaggregationDecider"/>: says whether a stage of a request gets a server of its own.</summary>
    Decider = 1 << 13,
}
