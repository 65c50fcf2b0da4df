using System.Globalization;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>What the kernel says of a process, read from <c>/proc</c>.</summary>
internal static class ProcessFigures
{
    /// <summary>USER_HZ of every Linux ABI that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds used so far, user and system.</summary>
    public static double CpuSeconds(int processId)
    {
        // The command's name may hold spaces: fields are counted from behind its closing bracket.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    /// <summary>Resident memory now and at its peak, in MiB.</summary>
    public static (double Now, double Peak) MemoryMiB(int processId)
    {
        double now = 0, peak = 0;
        foreach (var line in File.ReadLines($"/proc/{processId}/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
            {
                now = KiB(line) / 1024;
            }
            else if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
            {
                peak = KiB(line) / 1024;
            }
        }

        return (now, peak);
    }

    /// <summary>Lets the peak begin anew at what is resident now.</summary>
    public static void ResetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    private static double KiB(string line) => Number(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim());

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
