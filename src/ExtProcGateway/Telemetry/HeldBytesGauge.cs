using Orleans.Inference.ExtProcGateway.Requests;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>What is held for requests and responses, read when the page is asked for.</summary>
internal sealed class HeldBytesGauge
{
    public HeldBytesGauge(CollectorRegistry registry, HeldBytes held)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var gauge = new GaugeFamily(MetricCatalog.HeldBytes, MetricCatalog.FactoryOf(registry));
        registry.AddBeforeCollectCallback(() => gauge.Set(held.Count));
    }
}
