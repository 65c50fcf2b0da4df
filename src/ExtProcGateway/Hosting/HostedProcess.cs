using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Hosting.Flags;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>A process of the product from its command line to its end.</summary>
/// <param name="name">What the process is called in messages, such as <c>silo</c>.</param>
/// <param name="description">First line of the help.</param>
/// <param name="check">What keeps the process from starting, one line each; empty where nothing does.</param>
/// <param name="build">Puts the host together.</param>
/// <param name="started">What is logged once the host has started.</param>
public sealed partial class HostedProcess(
    string name,
    string description,
    Func<ProcessOptions, IReadOnlyList<string>> check,
    Func<ProcessOptions, IHost> build,
    Action<ILogger, ProcessOptions> started)
{
    private const int Refused = 2;
    private const int Failed = 1;

    /// <summary>Runs until SIGTERM or Ctrl-C; a second one cuts the drain short. Answers the exit code: 0; 1 where the start failed; 2 where the flags were refused.</summary>
    public async Task<int> RunAsync(string[] args)
    {
        InlineSockets.Prefer();
        var outcome = ProcessFlags.Parse(description, args, Environment.GetEnvironmentVariable);
        if (outcome.Text is { } text)
        {
            await Console.Out.WriteAsync(text);
            return 0;
        }

        var faults = outcome.Faults;
        var warnings = outcome.Warnings;
        if (outcome.Options is { } options)
        {
            var configuration = ConfigurationSource.LoadFirst(options.Gateway, TimeProvider.System);
            faults = [.. configuration.Faults, .. check(options)];
            warnings = [.. warnings.Select(warning => $"Flags: {warning}"), .. configuration.Warnings];
        }

        if (faults.Count > 0)
        {
            await Console.Error.WriteLineAsync($"The {name} does not start:{string.Concat(faults.Select(fault => $"{Environment.NewLine}  {fault}"))}");
            await Console.Error.WriteLineAsync("--help lists all flags.");
            return Refused;
        }

        return await RunAsync(outcome.Options!, warnings);
    }

    private async Task<int> RunAsync(ProcessOptions options, IReadOnlyList<string> warnings)
    {
        using var host = build(options);
        var logger = host.Services.GetRequiredService<ILogger<HostedProcess>>();
        foreach (var warning in warnings)
        {
            FlagWarning(logger, warning);
        }

        try
        {
            await host.StartAsync();
        }
#pragma warning disable CA1031 // Whatever keeps a part from starting is told in one line; the trace is of use to developers only.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            StartFailed(logger, name, exception.GetBaseException().Message);
            StartFailedTrace(logger, exception);
            return Failed;
        }

        started(logger, options);
        await StopRequest.WaitAsync(host.Services.GetRequiredService<IHostApplicationLifetime>());
        using var hurry = new StopRequest(() => Hurrying(logger, name));
        try
        {
            await host.StopAsync(hurry.Token);
        }
        catch (Exception exception) when (hurry.Token.IsCancellationRequested && exception is OperationCanceledException or AggregateException)
        {
            CutShort(logger, exception);
        }

        Stopped(logger, name);
        return 0;
    }

    [LoggerMessage(3030, LogLevel.Warning, "{Warning}")]
    private static partial void FlagWarning(ILogger logger, string warning);

    [LoggerMessage(3031, LogLevel.Critical, "The {Name} could not start: {Reason}")]
    private static partial void StartFailed(ILogger logger, string name, string reason);

    [LoggerMessage(3032, LogLevel.Debug, "Trace of the failed start")]
    private static partial void StartFailedTrace(ILogger logger, Exception exception);

    [LoggerMessage(3035, LogLevel.Warning, "The {Name} is told again to stop, and waits for nothing any more")]
    private static partial void Hurrying(ILogger logger, string name);

    [LoggerMessage(3036, LogLevel.Debug, "What the hurry has cut short")]
    private static partial void CutShort(ILogger logger, Exception exception);

    [LoggerMessage(3033, LogLevel.Information, "The {Name} has stopped")]
    private static partial void Stopped(ILogger logger, string name);
}
