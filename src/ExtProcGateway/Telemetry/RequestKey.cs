using System.Globalization;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>What the metrics of requests are told apart by.</summary>
internal readonly record struct RequestKey(string Model, string Target, string FairnessId, int Priority)
{
    /// <summary>The values of <see cref="MetricCatalog.RequestLabels"/>.</summary>
    public string[] ToLabels() => [Model, Target, FairnessId, Priority.ToString(CultureInfo.InvariantCulture)];
}
