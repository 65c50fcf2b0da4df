using System.Collections.Concurrent;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>Attempts to find a model server, by outcome, target model and server.</summary>
/// <remarks>
/// Safe from any thread. The series of a server end when no pool has it any more: pods come and go, and each would leave its series behind for ever.
/// </remarks>
internal sealed class SchedulerAttempts(CounterFamily family, ModelLabels models, PoolRegistry pools)
{
    /// <summary>Series of servers and models; with that many, further models are <c>other</c>.</summary>
    private const int SeriesLimit = 20_000;

    private readonly ConcurrentDictionary<(string Model, ModelServer Server), TallyCounter> _successes = new();
    private readonly ConcurrentDictionary<string, TallyCounter> _failures = new(StringComparer.Ordinal);
    private int _count;

    public void Succeeded(string targetModel, ModelServer server)
    {
        if (!_successes.TryGetValue((targetModel, server), out var tally))
        {
            tally = Find(targetModel, server);
        }

        tally.Increment();
    }

    public void Failed(string targetModel)
    {
        var model = models.Bound(targetModel);
        if (!_failures.TryGetValue(model, out var tally))
        {
            tally = _failures.GetOrAdd(model, _ => new TallyCounter());
        }

        tally.Increment();
    }

    /// <summary>Moves what was added up to the page's metrics, and ends the series of servers that are gone.</summary>
    public void Flush()
    {
        foreach (var (model, tally) in _failures)
        {
            if (tally.Take() is > 0 and var count)
            {
                family.Add(count, "failure", model, "", "", "");
            }
        }

        foreach (var ((model, server), tally) in _successes)
        {
            if (tally.Take() is > 0 and var count)
            {
                var endpoint = EndpointLabels.Of(server);
                family.Add(count, "success", model, endpoint.Name, endpoint.Namespace, endpoint.Port);
            }
        }

        RemoveGone();
    }

    private void RemoveGone()
    {
        if (_successes.IsEmpty)
        {
            return;
        }

        var alive = new HashSet<ModelServer>(ReferenceEqualityComparer.Instance);
        foreach (var pool in pools.Pools)
        {
            foreach (var server in pool.View is { } view ? view.Servers : [])
            {
                alive.Add(server);
            }
        }

        HashSet<EndpointLabels>? named = null;
        foreach (var (key, _) in _successes)
        {
            if (alive.Contains(key.Server) || !_successes.TryRemove(key, out _))
            {
                continue;
            }

            Interlocked.Decrement(ref _count);
            named ??= [.. alive.Select(EndpointLabels.Of)];

            // The same pod may have become another object, by new labels of its own: its series goes on.
            var endpoint = EndpointLabels.Of(key.Server);
            if (!named.Contains(endpoint))
            {
                family.Remove("success", key.Model, endpoint.Name, endpoint.Namespace, endpoint.Port);
            }
        }
    }

    private TallyCounter Find(string targetModel, ModelServer server)
    {
        var model = Volatile.Read(ref _count) < SeriesLimit ? models.Bound(targetModel) : LabelCap.Other;
        if (_successes.TryGetValue((model, server), out var tally))
        {
            return tally;
        }

        tally = new TallyCounter();
        if (_successes.TryAdd((model, server), tally))
        {
            Interlocked.Increment(ref _count);
            return tally;
        }

        return _successes[(model, server)];
    }
}
