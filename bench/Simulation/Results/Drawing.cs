using System.Globalization;
using System.Net;
using System.Text;

namespace Orleans.Inference.Bench.Simulation.Results;

/// <summary>An SVG that is being written: lengths in pixels, from the top left.</summary>
internal sealed class Drawing
{
    private const string Font = "font-family='sans-serif'";
    private readonly StringBuilder _svg = new();

    public Drawing(int width, int height)
    {
        Append($"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>");
        Rectangle(0, 0, width, height, "#ffffff");
    }

    public void Line(double x1, double y1, double x2, double y2, string colour) => Append($"<line x1='{x1:F1}' y1='{y1:F1}' x2='{x2:F1}' y2='{y2:F1}' stroke='{colour}'/>");

    public void Rectangle(double x, double y, double width, double height, string colour) => Append($"<rect x='{x:F1}' y='{y:F1}' width='{width:F1}' height='{height:F1}' fill='{colour}'/>");

    /// <summary>A line through points, with a dot at each.</summary>
    public void Path(IReadOnlyList<(double X, double Y)> points, string colour)
    {
        var list = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{point.Y:F1}")));
        Append($"<polyline points='{list}' fill='none' stroke='{colour}' stroke-width='2'/>");
        foreach (var (x, y) in points)
        {
            Append($"<circle cx='{x:F1}' cy='{y:F1}' r='3' fill='{colour}'/>");
        }
    }

    /// <param name="anchor">Which end of the text is at <paramref name="x"/>: start, middle or end.</param>
    public void Text(double x, double y, string text, string anchor = "start", int size = 11, bool bold = false) =>
        Append($"<text x='{x:F1}' y='{y:F1}' text-anchor='{anchor}' font-size='{size}' font-weight='{(bold ? "bold" : "normal")}' {Font} fill='#333333'>{WebUtility.HtmlEncode(text)}</text>");

    public override string ToString() => $"{_svg}</svg>\n";

    private void Append(FormattableString element) => _svg.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
