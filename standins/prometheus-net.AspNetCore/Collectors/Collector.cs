namespace Prometheus;

/// <summary>A metric: a name, label names, and a child for each set of label values.</summary>
public abstract class Collector
{
    private protected Collector(string name, string help, string[] labelNames)
    {
        if (!IsName(name))
        {
            throw new ArgumentException($"Metric name '{name}' does not match regex '^[a-zA-Z_][a-zA-Z0-9_]*$'.");
        }

        foreach (var label in labelNames)
        {
            if (label is null || !IsName(label))
            {
                throw new ArgumentException($"Label name '{label}' does not match regex '^[a-zA-Z_][a-zA-Z0-9_]*$'.");
            }

            if (label.StartsWith("__", StringComparison.Ordinal))
            {
                throw new ArgumentException($"Label name '{label}' is not valid - labels starting with double underscore are reserved!");
            }
        }

        if (labelNames.Distinct(StringComparer.Ordinal).Count() != labelNames.Length)
        {
            throw new InvalidOperationException($"The set of label names includes duplicates: {string.Join(", ", labelNames)}");
        }

        Name = name;
        Help = help;
        LabelNames = [.. labelNames];
    }

    public string Name { get; }

    public string Help { get; }

    public string[] LabelNames { get; }

    internal abstract MetricType Type { get; }

    internal abstract void Write(PageWriter page);

    internal abstract void RemoveUnusedSince(long timestamp);

    private protected abstract void Remove(string[] labelValues);

    internal void RemoveChild(ChildBase child) => Remove(child.LabelValues);

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
