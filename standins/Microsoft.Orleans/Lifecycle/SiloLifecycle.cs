namespace Orleans.Runtime;

/// <summary>Runs the subscribed observers stage by stage: upwards at start, and downwards from the last stage that started at stop.</summary>
internal sealed class SiloLifecycle : ISiloLifecycle
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];
    private int? _highestStarted;

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription(this, observerName, stage, observer);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var stage in Stages())
        {
            _highestStarted = stage.Key;
            await Task.WhenAll(stage.Select(s => s.StartAsync(cancellationToken)));
            HighestCompletedStage = stage.Key;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        List<Exception>? failures = null;
        foreach (var stage in Stages().Reverse())
        {
            if (_highestStarted is not { } highest || stage.Key > highest)
            {
                continue;
            }

            try
            {
                await Task.WhenAll(stage.Select(s => s.Observer.OnStop(cancellationToken)));
            }
            catch (Exception exception)
            {
                // Every stage gets its chance to stop, whatever happened to the one above it.
                (failures ??= []).Add(exception);
            }

            LowestStoppedStage = stage.Key;
        }

        if (failures is not null)
        {
            throw new AggregateException("Stopping the silo failed.", failures);
        }
    }

    private IGrouping<int, Subscription>[] Stages()
    {
        lock (_gate)
        {
            return [.. _subscriptions.GroupBy(s => s.Stage).OrderBy(g => g.Key)];
        }
    }

    private sealed class Subscription(SiloLifecycle owner, string name, int stage, ILifecycleObserver observer) : IDisposable
    {
        public int Stage { get; } = stage;

        public ILifecycleObserver Observer { get; } = observer;

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Observer.OnStart(cancellationToken);
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._subscriptions.Remove(this);
            }
        }

        public override string ToString() => name;
    }
}
