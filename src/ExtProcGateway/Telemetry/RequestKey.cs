using System.Globalization;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>What the metrics of requests are told apart by.</summary>
internal readonly record struct RequestKey(string Model, string Target, string FairnessId, int Priority)
{
    /// <summary>
    /// A cheap number for the key, from a few letters of its names: for a cache that compares the keys too. Not for a table that attackers could fill with names
    /// of one number.
    /// </summary>
    public int Sketch() => ((((Sketch(Model) * 31) + Sketch(Target)) * 31) + Sketch(FairnessId)) * 31 + Priority;

    /// <summary>The values of <see cref="MetricCatalog.RequestLabels"/>.</summary>
    public string[] ToLabels() => [Model, Target, FairnessId, Priority.ToString(CultureInfo.InvariantCulture)];

    private static int Sketch(string name) => name.Length == 0 ? 0 : ((((name.Length * 31) + name[^1]) * 31) + name[name.Length / 2]) * 31 + name[name.Length / 4];
}
