using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Silo.Tests.Configuration;

/// <summary>What becomes of changes of <c>--config-file</c>, look by look.</summary>
public sealed class ConfigurationWatcherTests : IDisposable
{
    private const string Head = "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n";
    private const string MaxScore = Head + "plugins: [{type: max-score-picker}]\n";
    private const string Random = Head + "plugins: [{type: random-picker}]\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("watcher-").FullName;
    private readonly GatewayOptions _options;
    private readonly ActiveConfiguration _active;
    private readonly ConfigurationWatcher _watcher;
    private readonly RecordingLog _log = new();

    public ConfigurationWatcherTests()
    {
        Write(MaxScore);
        _options = new GatewayOptions { ConfigFile = File };
        Assert.Empty(ConfigurationSource.LoadFirst(_options, new ManualTimeProvider()).Faults);
        var factory = new ServingConfigurationFactory(_options, new ModelNames(), NullLogger<RequestRoutes>.Instance);
        _active = new ActiveConfiguration(factory.Create(_options.Configuration!));
        _watcher = new ConfigurationWatcher(_options, _active, factory, new ManualTimeProvider(), _log);
    }

    private string File => Path.Combine(_folder, "config.yaml");

    private string PickerType => _active.Current.Picker.Plugins.Single(plugin => plugin.Plugin is MaxScorePicker or RandomPicker).Definition.Type;

    [Fact]
    public void LookAt_NoChange_DoesNothing()
    {
        var before = _active.Current;

        Look(3);

        Assert.Same(before, _active.Current);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void LookAt_Change_IsAppliedAtTheSecondLookAndOnce()
    {
        Look(1);
        Write(Random);

        Look(1);
        Assert.Equal("max-score-picker", PickerType);
        Look(1);
        Assert.Equal("random-picker", PickerType);
        var applied = _active.Current;
        Look(2);
        Assert.Same(applied, _active.Current);
        Assert.Equal([$"Information {File} has changed and is applied: {applied.Picker.Plugins.Length} plugins"], _log.Lines);
    }

    [Fact]
    public void LookAt_ChangeBeforeTheFirstLook_IsAppliedToo()
    {
        Write(Random);

        Look(2);

        Assert.Equal("random-picker", PickerType);
    }

    [Fact]
    public void LookAt_FaultyChange_KeepsTheLastGoodAndTellsOnce()
    {
        var before = _active.Current;
        Write(Random.Replace("random-picker", "ramdom-picker", StringComparison.Ordinal));

        Look(4);

        Assert.Same(before, _active.Current);
        Assert.Equal([$"Error {File}:3:18: unknown plugin type 'ramdom-picker'", $"Error {File} has changed and is not applied; the last good configuration goes on counting"], _log.Lines);

        Write(Random);
        Look(2);
        Assert.Equal("random-picker", PickerType);
    }

    [Fact]
    public void LookAt_FileGone_KeepsTheLastGoodAndTellsOnce()
    {
        var before = _active.Current;
        System.IO.File.Delete(File);

        Look(4);

        Assert.Same(before, _active.Current);
        Assert.Single(_log.Lines);
        Assert.Contains("can't be read", _log.Lines[0], StringComparison.Ordinal);

        // Back as it was.
        Write(MaxScore);
        Look(2);
        Assert.Equal("max-score-picker", PickerType);
    }

    [Fact]
    public void LookAt_OtherParsers_AreRoutedBy()
    {
        Assert.NotNull(_active.Current.Routes.Resolve("/v1/completions"u8));
        Write(Head + "plugins: [{type: sglanghttp-parser}]\nrequestHandler: {parsers: [{pluginRef: sglanghttp-parser}]}\n");

        Look(2);

        Assert.Null(_active.Current.Routes.Resolve("/v1/completions"u8));
        Assert.NotNull(_active.Current.Routes.Resolve("/generate"u8));
        Assert.Equal(["sglanghttp-parser"], _options.Parsers.ToArray());
    }

    public void Dispose()
    {
        _watcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Write(string text) => System.IO.File.WriteAllText(File, text);

    private void Look(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _watcher.LookAt(File);
        }
    }

    private sealed class RecordingLog : ILogger<ConfigurationWatcher>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
