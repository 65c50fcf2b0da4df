using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Silo.Discovery;
using Orleans.Inference.Silo.Discovery.Manifests;

namespace Orleans.Inference.Silo.Tests.Discovery;

public sealed class ManifestWatcherTests : IAsyncLifetime
{
    private const string Pool = "---\napiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\nmetadata: {name: p}\nspec: {selector: {matchLabels: {app: x}}, targetPorts: [{number: 8000}]}\n";

    private readonly TempFolder _folder = new();
    private readonly Sink _sink = new();
    private readonly Warnings _warnings = new();
    private ManifestWatcher? _watcher;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_watcher is not null)
        {
            await _watcher.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
            _watcher.Dispose();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Start_Folder_PublishesWhatIsThere()
    {
        _folder.Write("pool.yaml", Pool);
        _folder.Write("pods.yaml", Pod("a"));
        await StartAsync(_folder.Path);

        Assert.Equal("ns/p: ns/a-rank-0", await _sink.NextAsync());
    }

    [Fact]
    public async Task Change_OfEachKind_IsPublished()
    {
        _folder.Write("pool.yaml", Pool);
        await StartAsync(_folder.Path);
        Assert.Equal("ns/p: ", await _sink.NextAsync());

        _folder.Write("pods.yaml", Pod("a"));
        await _sink.UntilAsync("ns/p: ns/a-rank-0");

        _folder.Write("pods.yaml", Pod("b"));
        await _sink.UntilAsync("ns/p: ns/b-rank-0");

        _folder.Write("pods.tmp", Pod("c"));
        File.Move(_folder.PathOf("pods.tmp"), _folder.PathOf("pods.yaml"), overwrite: true);
        await _sink.UntilAsync("ns/p: ns/c-rank-0");

        _folder.Write("pods.yaml", "kind: [");
        _folder.Write("more.yaml", Pod("d"));
        await _sink.UntilAsync("ns/p: ns/c-rank-0 ns/d-rank-0");

        File.Delete(_folder.PathOf("pool.yaml"));
        await _sink.UntilAsync("");
    }

    [Fact]
    public async Task Change_OfAMountedConfigMap_IsPublished()
    {
        var map = new MountedConfigMap(_folder, ("all.yaml", Pool + Pod("a")));
        await StartAsync(_folder.PathOf("all.yaml"));
        Assert.Equal("ns/p: ns/a-rank-0", await _sink.NextAsync());

        map.Replace(("all.yaml", Pool + Pod("b")));

        await _sink.UntilAsync("ns/p: ns/b-rank-0");
    }

    [Fact]
    public async Task Change_BehindALinkToAnotherFolder_IsPublished()
    {
        // No notification tells of it.
        using var elsewhere = new TempFolder();
        elsewhere.Write("real.yaml", Pool + Pod("a"));
        File.CreateSymbolicLink(_folder.PathOf("link.yaml"), elsewhere.PathOf("real.yaml"));
        await StartAsync(_folder.Path);
        Assert.Equal("ns/p: ns/a-rank-0", await _sink.NextAsync());

        elsewhere.Write("real.yaml", Pool + Pod("b"));

        await _sink.UntilAsync("ns/p: ns/b-rank-0");
    }

    [Fact]
    public async Task Change_PolicyWithoutEffect_IsSaidOnceUntilItIsAnother()
    {
        const string expected = "InferenceObjective ns/o of llm-d.ai does not count: there is no InferencePool ns/q of inference.networking.k8s.io";
        _folder.Write("pool.yaml", Pool);
        _folder.Write("policies.yaml", "{apiVersion: llm-d.ai/v1alpha2, kind: InferenceObjective, metadata: {name: o}, spec: {poolRef: {name: q}}}");
        await StartAsync(_folder.Path);
        await _sink.UntilAsync("ns/p: ");
        Assert.Equal([expected], _warnings.All);

        _folder.Write("pods.yaml", Pod("a"));
        await _sink.UntilAsync("ns/p: ns/a-rank-0");
        Assert.Equal([expected], _warnings.All);

        File.Delete(_folder.PathOf("policies.yaml"));
        _folder.Write("pods.yaml", Pod("b"));
        await _sink.UntilAsync("ns/p: ns/b-rank-0");
        _folder.Write("policies.yaml", "{apiVersion: llm-d.ai/v1alpha2, kind: InferenceObjective, metadata: {name: o}, spec: {poolRef: {name: r}}}");
        _folder.Write("pods.yaml", Pod("c"));
        await _sink.UntilAsync("ns/p: ns/c-rank-0");
        Assert.Equal([expected, expected.Replace("ns/q", "ns/r", StringComparison.Ordinal)], _warnings.All);
    }

    private static string Pod(string name) => $"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: x}}}}\nstatus: {{podIP: 10.0.0.1}}\n";

    private Task StartAsync(string path)
    {
        var store = new ManifestStore(path, "ns", TimeProvider.System);
        _watcher = new(path, store, new(), _sink, TimeProvider.System, _warnings);
        return _watcher.StartAsync(CancellationToken.None);
    }

    private sealed class Warnings : ILogger<ManifestWatcher>
    {
        public ConcurrentQueue<string> All { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                All.Enqueue(formatter(state, exception));
            }
        }
    }

    private sealed class Sink : IMembershipSink
    {
        private readonly Channel<string> _published = Channel.CreateUnbounded<string>();

        public void Publish(ImmutableArray<PoolMembership> pools) =>
            _published.Writer.TryWrite(string.Join("; ", pools.Select(pool => $"{pool.Spec.Key}: {string.Join(" ", pool.Servers.Select(server => server.Id))}")));

        public Task<string> NextAsync() => _published.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public async Task UntilAsync(string expected)
        {
            while (await NextAsync() != expected)
            {
            }
        }
    }
}
