using System.Net;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Where one model server's metrics are read, and how they are understood.</summary>
/// <param name="EndPoint">Address and port of the metrics.</param>
/// <param name="Engine">Which families hold the figures.</param>
/// <param name="Path">Path of the whole page, with its leading slash.</param>
/// <param name="Name">The model server's id, for the operator.</param>
internal sealed record ScrapeTarget(IPEndPoint EndPoint, EngineMapping Engine, string Path = ScrapeTarget.DefaultPath, string Name = "a model server")
{
    public const string DefaultPath = "/metrics";
}
