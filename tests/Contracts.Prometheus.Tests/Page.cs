using System.Text;
using Prometheus;

namespace Contracts.Prometheus;

/// <summary>A registry's page, as a scraper gets it.</summary>
internal static class Page
{
    public static async Task<string> OfAsync(CollectorRegistry registry, ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        using var page = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(page, format, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(page.ToArray());
    }
}
