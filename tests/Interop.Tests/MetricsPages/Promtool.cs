using System.Diagnostics;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.MetricsPages;

/// <summary>Prometheus' own check of metrics pages.</summary>
internal static class Promtool
{
    /// <summary><c>promtool check metrics</c>: its exit code, and what it says.</summary>
    public static async Task<(int ExitCode, string Output)> CheckMetricsAsync(string page)
    {
        using var process = Process.Start(new ProcessStartInfo(RequiredPrograms.Promtool!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(page);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Bounds.Wait);
        return (process.ExitCode, (await output) + await error);
    }
}
