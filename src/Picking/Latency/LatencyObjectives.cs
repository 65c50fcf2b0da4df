using System.Buffers.Text;

namespace Orleans.Inference.Picking.Latency;

/// <summary>How long a request may take, by its headers, in milliseconds.</summary>
/// <param name="Ttft">Time to the first token (<c>x-llm-d-slo-ttft-ms</c>, <c>x-slo-ttft-ms</c>); null where nothing is asked.</param>
/// <param name="Tpot">Time for each token after it (<c>x-llm-d-slo-tpot-ms</c>, <c>x-slo-tpot-ms</c>); null where nothing is asked.</param>
public readonly record struct LatencyObjectives(double? Ttft, double? Tpot)
{
    /// <summary>Nothing is asked.</summary>
    public bool IsEmpty => Ttft is null && Tpot is null;

    /// <summary>Reads one header's value; null for what is no number above 0, which asks for nothing.</summary>
    public static double? Parse(ReadOnlySpan<byte> value)
    {
        value = Trim(value);
        return Utf8Parser.TryParse(value, out double time, out var read) && read == value.Length && double.IsFinite(time) && time > 0 ? time : null;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
