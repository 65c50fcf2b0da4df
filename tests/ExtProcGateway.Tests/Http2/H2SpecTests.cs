using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Orleans.Inference.ExtProcGateway.Tests.Edge;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

public sealed partial class H2SpecTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [H2SpecFact]
    public async Task H2Spec_AllOfIt_Passes()
    {
        await using var host = await EdgeHost.StartAsync();
        using var process = Process.Start(new ProcessStartInfo(H2SpecFactAttribute.Program!)
        {
            ArgumentList = { "-h", "127.0.0.1", "-p", host.Port.ToString(CultureInfo.InvariantCulture), "-o", "10" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        var text = await output;
        var summary = Summary().Match(text);
        Assert.True(summary.Success, text);
        Assert.True(summary.Groups["failed"].Value == "0" && int.Parse(summary.Groups["passed"].Value, CultureInfo.InvariantCulture) >= 140, text);
        await host.AssertServesAsync();
    }

    [GeneratedRegex(@"(?<tests>\d+) tests, (?<passed>\d+) passed, (?<skipped>\d+) skipped, (?<failed>\d+) failed")]
    private static partial Regex Summary();
}
