namespace Prometheus;

/// <summary>What a measurement does to its metric.</summary>
internal enum MeasurementKind
{
    /// <summary>It is an increment.</summary>
    Add,

    /// <summary>It is the value.</summary>
    Set,

    /// <summary>It is one of many.</summary>
    Observe,
}
