using Orleans.Inference.Bench.Simulation.Runs;

namespace Orleans.Inference.Bench.Simulation.Results;

/// <summary>The drawing of one workload: a panel for each metric; lines over the rate where there are several rates, bars where there is one.</summary>
internal static class WorkloadPlot
{
    private const int PanelWidth = 340;
    private const int PanelHeight = 240;
    private const int Columns = 3;
    private const int Top = 60;

    private static readonly string[] Colours = ["#9e9e9e", "#795548", "#1f77b4", "#2ca02c", "#d62728", "#9467bd", "#ff7f0e", "#17becf", "#bcbd22", "#e377c2"];

    public static string Draw(string title, IReadOnlyList<RunFigures> figures)
    {
        var rows = (Metric.All.Count + Columns - 1) / Columns;
        var drawing = new Drawing(Columns * PanelWidth, Top + (rows * PanelHeight));
        var strategies = figures.Select(f => f.Strategy).Distinct().ToArray();
        drawing.Text(10, 20, title, size: 15, bold: true);
        for (var i = 0; i < strategies.Length; i++)
        {
            var x = 10 + (i * (Columns * PanelWidth - 20) / Math.Max(6, strategies.Length));
            drawing.Rectangle(x, 32, 12, 12, Colour(i));
            drawing.Text(x + 16, 42, strategies[i]);
        }

        for (var i = 0; i < Metric.All.Count; i++)
        {
            Panel(drawing, i % Columns * PanelWidth, Top + (i / Columns * PanelHeight), Metric.All[i], figures, strategies);
        }

        return drawing.ToString();
    }

    private static void Panel(Drawing drawing, double x, double y, Metric metric, IReadOnlyList<RunFigures> figures, string[] strategies)
    {
        var (left, right, top, bottom) = (x + 50, x + PanelWidth - 15, y + 28, y + PanelHeight - 30);
        var axis = new Axis(figures.Select(metric.Value), metric.IsLogarithmic);
        drawing.Text((left + right) / 2, y + 18, metric.Title, "middle", 12, bold: true);
        foreach (var tick in axis.Ticks)
        {
            drawing.Line(left, Up(tick), right, Up(tick), "#dddddd");
            drawing.Text(left - 5, Up(tick) + 4, Axis.Label(tick), "end", 10);
        }

        var rates = figures.Select(f => f.Rate).Distinct().Order().ToArray();
        var step = (right - left) / (rates.Length > 1 ? rates.Length : strategies.Length);
        for (var s = 0; s < strategies.Length; s++)
        {
            var own = figures.Where(f => f.Strategy == strategies[s]).OrderBy(f => f.Rate).ToArray();
            if (rates.Length > 1)
            {
                drawing.Path([.. own.Select(f => (left + ((Array.IndexOf(rates, f.Rate) + 0.5) * step), Up(metric.Value(f))))], Colour(s));
            }
            else
            {
                drawing.Rectangle(left + ((s + 0.15) * step), Up(metric.Value(own[0])), step * 0.7, bottom - Up(metric.Value(own[0])), Colour(s));
                drawing.Text(left + ((s + 0.5) * step), Up(metric.Value(own[0])) - 3, Axis.Label(Math.Round(metric.Value(own[0]), 3)), "middle", 9);
            }
        }

        for (var i = 0; i < rates.Length; i++)
        {
            drawing.Text(rates.Length > 1 ? left + ((i + 0.5) * step) : (left + right) / 2, bottom + 15, Axis.Label(rates[i]) + (i == rates.Length - 1 ? "/s" : ""), "middle", 10);
        }

        double Up(double value) => bottom - (axis.Place(value) * (bottom - top));
    }

    private static string Colour(int strategy) => Colours[strategy % Colours.Length];
}
