namespace Orleans.Inference.Interop.Tests.Programs;

/// <summary>A test that needs a Prometheus server.</summary>
internal sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute()
    {
        if (RequiredPrograms.Prometheus is null)
        {
            Skip = RequiredPrograms.NoPrometheus;
        }
    }
}
