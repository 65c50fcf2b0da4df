using System.Threading.Channels;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>Watches the manifests and brings every change to the sink, within a second.</summary>
internal sealed class ManifestWatcher(string path, ManifestStore store, MembershipScope scope, IMembershipSink sink, TimeProvider time, ILogger<ManifestWatcher> logger) : BackgroundService
{
    /// <summary>
    /// Finds what no notification tells: targets of links in other folders, network file systems, a machine without watches left. Only
    /// looks at names and times.
    /// </summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>A file that is written in place is seen half; so reading waits until it has been quiet for so long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(60);

    /// <summary>No longer, though, when there is no quiet.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(400);

    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<string> _findings = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var notifications = Watch();
        Apply();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await WaitAsync(PollInterval, stoppingToken))
            {
                await SettleAsync(stoppingToken);
            }

            Apply();
        }
    }

    private void Apply()
    {
        var issues = new List<YamlIssue>();
        var objects = store.Refresh(issues);
        foreach (var issue in issues)
        {
            Log(issue);
        }

        if (objects is null)
        {
            return;
        }

        var pools = MembershipBuilder.Build(objects, scope);
        ManifestLog.Applied(logger, pools.Length, pools.Sum(pool => pool.Servers.Length), objects.Pods.Length);
        if (pools.IsEmpty && scope.PoolName is { } name)
        {
            ManifestLog.PoolNotFound(logger, scope.PoolNamespace, name);
        }

        LogPolicies(objects);
        sink.Publish(pools);
    }

    /// <summary>What was said of the objects before is not said again.</summary>
    private void LogPolicies(ClusterObjects objects)
    {
        var findings = PolicyFindings.Of(objects, scope).ToHashSet(StringComparer.Ordinal);
        foreach (var finding in findings.Except(_findings))
        {
            ManifestLog.PolicyWithoutEffect(logger, finding);
        }

        _findings = findings;
    }

    private void Log(YamlIssue issue)
    {
        switch (issue.Level)
        {
            case IssueLevel.Error:
                ManifestLog.Error(logger, issue);
                break;
            case IssueLevel.Warning:
                ManifestLog.Warning(logger, issue);
                break;
            default:
                ManifestLog.Info(logger, issue);
                break;
        }
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await WaitAsync(Quiet, cancellationToken) && time.GetElapsedTime(started) < MaxDelay)
        {
        }
    }

    /// <summary>True where something was notified within <paramref name="limit"/>.</summary>
    private async Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _signals.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Null where the system has no watches left, or the folder does not exist; looking every half second goes on.</summary>
    private FileSystemWatcher? Watch()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            var full = Path.GetFullPath(path);
            watcher = new FileSystemWatcher(Directory.Exists(full) ? full : Path.GetDirectoryName(full)!)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime,
            };
            watcher.Changed += Signal;
            watcher.Created += Signal;
            watcher.Deleted += Signal;
            watcher.Renamed += Signal;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            ManifestLog.NoWatch(logger, path, exception.Message);
            watcher?.Dispose();
            return null;
        }
    }

    private void Signal(object sender, FileSystemEventArgs change) => _signals.Writer.TryWrite(true);
}
