using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>A number that each server has, by name: one of its figures, or a label of its pod that is a number.</summary>
/// <remarks>Safe from any thread. Labels are read once for each membership of a pool, so that a decision reads a column.</remarks>
public sealed class ServerAttribute
{
    /// <summary>For documentation: the names of figures.</summary>
    public const string Names = "`waiting-queue`, `running-requests`, `kv-cache-utilization`, `active-requests`, `active-tokens`; any other name is that of a label of the pod whose value is a number";

    private static readonly FrozenDictionary<string, Figure> Figures = new Dictionary<string, Figure>(StringComparer.Ordinal)
    {
        ["waiting-queue"] = Figure.Queued,
        ["running-requests"] = Figure.Running,
        ["kv-cache-utilization"] = Figure.KvUsage,
        ["active-requests"] = Figure.ActiveRequests,
        ["active-tokens"] = Figure.ActiveTokens,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly ConditionalWeakTable<ModelServer[], double[]> _labels = [];
    private readonly Figure _figure;
    private readonly string _name;

    private ServerAttribute(string name, Figure figure)
    {
        _name = name;
        _figure = figure;
    }

    private enum Figure
    {
        Label,
        Queued,
        Running,
        KvUsage,
        ActiveRequests,
        ActiveTokens,
    }

    /// <summary>The attribute of that name.</summary>
    /// <param name="name">See <see cref="Names"/>.</param>
    public static ServerAttribute Of(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(name, Figures.GetValueOrDefault(name, Figure.Label));
    }

    /// <summary>Whether the name is that of a figure, which every server has, not that of a label.</summary>
    public static bool IsFigure(string name) => Figures.ContainsKey(name);

    /// <summary>Writes the attribute of each candidate; NaN where it has none.</summary>
    /// <param name="candidates">Indexes into the view's columns.</param>
    /// <param name="values">As long as <paramref name="candidates"/>.</param>
    public void Read(in PickContext context, ReadOnlySpan<int> candidates, Span<double> values)
    {
        switch (_figure)
        {
            case Figure.Queued:
                Read(context.Queued, candidates, values);
                break;
            case Figure.Running:
                Read(context.Running, candidates, values);
                break;
            case Figure.KvUsage:
                Read(context.KvUsage, candidates, values);
                break;
            case Figure.ActiveRequests:
                Read(context.InFlight.Requests, candidates, values);
                break;
            case Figure.ActiveTokens:
                Read(context.InFlight.Tokens, candidates, values);
                break;
            default:
                if (!_labels.TryGetValue(context.View.Membership, out var labels))
                {
                    labels = _labels.GetValue(context.View.Membership, ReadLabels);
                }

                Read<double>(labels, candidates, values);
                break;
        }
    }

    /// <param name="column">Empty where all is 0.</param>
    private static void Read<T>(ReadOnlySpan<T> column, ReadOnlySpan<int> candidates, Span<double> values)
        where T : struct, System.Numerics.INumber<T>
    {
        if (column.IsEmpty)
        {
            values.Clear();
            return;
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            values[i] = double.CreateTruncating(column[candidates[i]]);
        }
    }

    private double[] ReadLabels(ModelServer[] servers) => [.. servers.Select(server =>
        server.Labels.TryGetValue(_name, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : double.NaN)];
}
