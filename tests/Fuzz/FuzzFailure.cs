using System.Diagnostics;

namespace Orleans.Inference.Fuzz;

/// <summary>An input for which something does not hold.</summary>
internal sealed record FuzzFailure(IFuzzTarget Target, byte[] Input, string Fault)
{
    private static readonly TimeSpan LongestShrinking = TimeSpan.FromSeconds(10);

    /// <summary>A shorter input for which something does not hold either, found by leaving out what can be left out.</summary>
    public FuzzFailure Shrunk()
    {
        var (input, fault) = (Input, Fault);
        var started = Stopwatch.StartNew();
        for (var size = Math.Max(1, input.Length / 2); size > 0; size /= 2)
        {
            for (var start = 0; start + size <= input.Length && started.Elapsed < LongestShrinking;)
            {
                byte[] shorter = [.. input[..start], .. input[(start + size)..]];
                if (FuzzRun.Fault(Target, shorter) is { } other)
                {
                    (input, fault) = (shorter, other);
                }
                else
                {
                    start += size;
                }
            }
        }

        return this with { Input = input, Fault = fault };
    }
}
