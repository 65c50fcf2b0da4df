using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Hosting.Flags;

namespace Orleans.Inference.Silo.Hosting;

/// <summary>The silo's process from its command line to its end.</summary>
internal static class SiloProgram
{
    private const int Refused = 2;
    private const int Failed = 1;

    private const string Description =
        "The silo of Orleans.Inference: watches pools and model servers, and picks the server of each request for Envoy and other ext_proc gateways.";

    /// <summary>Runs until SIGTERM or Ctrl-C. Answers the exit code: 0; 1 where the start failed; 2 where the flags were refused.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var outcome = ProcessFlags.Parse(Description, args, Environment.GetEnvironmentVariable);
        if (outcome.Text is { } text)
        {
            await Console.Out.WriteAsync(text);
            return 0;
        }

        var faults = outcome.Options is { } options ? StartChecks.FaultsOf(options) : outcome.Faults;
        if (faults.Count > 0)
        {
            await Console.Error.WriteLineAsync($"The silo does not start:{string.Concat(faults.Select(fault => $"{Environment.NewLine}  {fault}"))}");
            await Console.Error.WriteLineAsync("--help lists all flags.");
            return Refused;
        }

        return await RunAsync(outcome.Options!, outcome.Warnings);
    }

    private static async Task<int> RunAsync(ProcessOptions options, IReadOnlyList<string> warnings)
    {
        using var host = SiloHost.Build(options);
        var logger = host.Services.GetRequiredService<ILogger<SiloHost>>();
        foreach (var warning in warnings)
        {
            SiloLog.FlagWarning(logger, warning);
        }

        try
        {
            await host.StartAsync();
        }
#pragma warning disable CA1031 // Whatever keeps a part from starting is told in one line; the trace is of use to developers only.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SiloLog.StartFailed(logger, exception.GetBaseException().Message);
            SiloLog.StartFailedTrace(logger, exception);
            return Failed;
        }

        SiloLog.Started(logger, options.Cluster.ClusterId, options.Discovery.Manifests!);
        await host.WaitForShutdownAsync();
        SiloLog.Stopped(logger);
        return 0;
    }
}
