using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>Follows <c>--config-file</c>: a change that is valid is served by within a second and a half; of one that is not, the log says what is wrong where, and all stays as it was.</summary>
/// <remarks>
/// What plugins remember goes over to those of the same name and type in the new configuration (<see cref="ISuccessor"/>).
/// Looks twice a second and reads the whole file, a few KB: that sees what no notification tells, such as the swap of a mounted ConfigMap. A text counts once it is the same at
/// two looks, so that a file written in place is not read half.
/// </remarks>
internal sealed partial class ConfigurationWatcher(
    GatewayOptions options,
    ActiveConfiguration active,
    ServingConfigurationFactory factory,
    TimeProvider time,
    ILogger<ConfigurationWatcher> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>What was last dealt with: a text, or why there is none.</summary>
    private string? _settled;
    private string? _seen;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ConfigFile is not { } file)
        {
            return;
        }

        using var timer = new PeriodicTimer(Look, time);
        try
        {
            do
            {
                LookAt(file);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    /// <summary>One look at the file.</summary>
    internal void LookAt(string file)
    {
        var failure = ConfigurationSource.ReadFile(file, out var text);
        var now = failure ?? text;
        var before = _seen;
        _seen = now;

        // What the process started with is served by already, should it be the same still.
        _settled ??= options.ConfigFileText;
        if (now == _settled || now != before)
        {
            return;
        }

        _settled = now;
        if (failure is not null)
        {
            Unreadable(log, failure);
            return;
        }

        Apply(file, text);
    }

    private void Apply(string file, string text)
    {
        var outcome = ConfigurationSource.Load(file, text, options, time);
        foreach (var warning in outcome.Warnings)
        {
            Warning(log, warning);
        }

        foreach (var fault in outcome.Faults)
        {
            Fault(log, fault);
        }

        if (outcome.Configuration is not { } configuration)
        {
            NotApplied(log, file);
            return;
        }

        foreach (var failure in configuration.TakeOver(active.Current.Picker))
        {
            Warning(log, failure);
        }

        active.Current = factory.Create(configuration);
        Applied(log, file, configuration.Plugins.Length);
    }

    [LoggerMessage(3060, LogLevel.Information, "{File} has changed and is applied: {Plugins} plugins")]
    private static partial void Applied(ILogger log, string file, int plugins);

    [LoggerMessage(3061, LogLevel.Error, "{File} has changed and is not applied; the last good configuration goes on counting")]
    private static partial void NotApplied(ILogger log, string file);

    [LoggerMessage(3062, LogLevel.Error, "{Fault}")]
    private static partial void Fault(ILogger log, string fault);

    [LoggerMessage(3063, LogLevel.Warning, "{Warning}")]
    private static partial void Warning(ILogger log, string warning);

    [LoggerMessage(3064, LogLevel.Error, "{Failure}; the last good configuration goes on counting")]
    private static partial void Unreadable(ILogger log, string failure);
}
