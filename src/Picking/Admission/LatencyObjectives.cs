using System.Globalization;

namespace Orleans.Inference.Picking.Admission;

/// <summary>How long a request may take, by its headers, in milliseconds.</summary>
/// <param name="Ttft">Time to the first token; null where nothing is asked.</param>
/// <param name="Tpot">Time for each token after it; null where nothing is asked.</param>
public readonly record struct LatencyObjectives(double? Ttft, double? Tpot)
{
    private static readonly string[] _ttftHeaders = ["x-llm-d-slo-ttft-ms", "x-slo-ttft-ms"];
    private static readonly string[] _tpotHeaders = ["x-llm-d-slo-tpot-ms", "x-slo-tpot-ms"];

    /// <summary>Nothing is asked.</summary>
    public bool IsEmpty => Ttft is null && Tpot is null;

    /// <summary>Reads them; a value that is no number above 0 asks for nothing. Looks through all headers up to four times.</summary>
    public static LatencyObjectives Of(IRequestHeaders? headers) => headers is null ? default : new(Read(headers, _ttftHeaders), Read(headers, _tpotHeaders));

    /// <summary>The first of the headers that is there counts, whatever it holds.</summary>
    private static double? Read(IRequestHeaders headers, string[] names)
    {
        foreach (var name in names)
        {
            if (headers.TryGet(name, out var text))
            {
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value > 0 ? value : null;
            }
        }

        return null;
    }
}
