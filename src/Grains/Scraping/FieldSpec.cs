namespace Orleans.Inference.Grains.Scraping;

/// <summary>A metric and what it means.</summary>
internal readonly record struct FieldSpec(MetricField Field, MetricSpec Metric)
{
    public FieldSpec(MetricField field, string metric)
        : this(field, MetricSpec.Parse(metric))
    {
    }
}
