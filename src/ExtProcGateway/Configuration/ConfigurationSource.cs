using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>Where a process's configuration comes from: its flags.</summary>
internal static class ConfigurationSource
{
    /// <summary>Largest file that is read; the reference picker's examples have 1 to 3 KB.</summary>
    private const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>Loads the plugins and the configuration that the flags name, or the default one, and puts both into the options.</summary>
    public static ConfigurationOutcome LoadFirst(GatewayOptions options, TimeProvider time)
    {
        var registry = GatewayPlugins.CreateRegistry();
        var faults = options.PluginAssemblies.Select(path => PluginAssemblies.AddTo(registry, path)).OfType<string>().Select(fault => $"--plugin-assembly: {fault}").ToList();
        if (faults.Count > 0)
        {
            return new(null, faults, []);
        }

        options.Plugins = registry;
        var (source, text) = (DefaultConfiguration.Source, DefaultConfiguration.Text);
        if (options.ConfigText is { } inPlace)
        {
            (source, text) = ("--config-text", inPlace);
        }
        else if (options.ConfigFile is { } file)
        {
            source = file;
            if (ReadFile(file, out text) is { } failure)
            {
                return new(null, [$"--config-file: {failure}"], []);
            }

            options.ConfigFileText = text;
        }

        var outcome = Load(source, text, options, time);
        options.Configuration = outcome.Configuration;
        return outcome;
    }

    /// <summary>The default configuration, for a front-end that was given none.</summary>
    public static PickerConfiguration LoadDefault(GatewayOptions options, TimeProvider time) =>
        Load(DefaultConfiguration.Source, DefaultConfiguration.Text, options, time) is { Configuration: { } configuration }
            ? configuration
            : throw new InvalidOperationException("the default configuration names plugins that are not registered");

    /// <summary>Loads a text with the plugins that the options have.</summary>
    public static ConfigurationOutcome Load(string source, string text, GatewayOptions options, TimeProvider time) => ConfigurationLoader.Load(
        source,
        text,
        options.Plugins ??= GatewayPlugins.CreateRegistry(),
        new ConfigurationLoadOptions
        {
            AllowExperimentalPlugins = options.AllowExperimentalPlugins,
            MetricsStaleness = options.MetricsStalenessThreshold,
            ScrapeInterval = options.ScrapeInterval,
            Time = time,
        });

    /// <summary>Reads a file; answers why it can't be read, null where it is.</summary>
    public static string? ReadFile(string file, out string text)
    {
        text = "";
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MaxBytes })
            {
                return $"{file} is larger than {MaxBytes} bytes";
            }

            text = File.ReadAllText(file);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{file} can't be read: {exception.Message}";
        }
    }
}
