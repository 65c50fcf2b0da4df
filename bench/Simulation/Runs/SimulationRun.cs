using System.Buffers;
using Orleans.Inference.Bench.Simulation.Strategies;
using Orleans.Inference.Bench.Simulation.Workloads;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Bench.Simulation.Runs;

/// <summary>One workload under one strategy, from the first request to the last answer: a discrete-event simulation, a function of its arguments alone.</summary>
internal sealed class SimulationRun : IEngineListener
{
    private static readonly TimeSpan LoadSample = TimeSpan.FromSeconds(1);

    private readonly Workload _workload;
    private readonly IStrategy _strategy;
    private readonly SimulatedServer[] _servers;
    private readonly ViewFeed _feed;
    private readonly RunRecord _record;
    private readonly Dictionary<SimulatedRequest, SimulatedRequest> _nextTurns = [];
    private readonly PriorityQueue<SimulatedRequest, (TimeSpan At, int Index)> _arrivals = new();
    private TimeSpan _nextLoadSample;

    public SimulationRun(Workload workload, IStrategy strategy)
    {
        _workload = workload;
        _strategy = strategy;
        _servers = [.. Enumerable.Range(0, workload.Servers).Select(_ => new SimulatedServer(workload.Engine, this))];
        _feed = new ViewFeed(_servers);
        _record = new RunRecord(workload);
        _nextLoadSample = workload.WarmUp;
        foreach (var request in workload.Requests)
        {
            if (request.Previous is null)
            {
                Arrive(request, request.ArrivesAt);
            }
            else
            {
                _nextTurns.Add(request.Previous, request);
            }
        }
    }

    /// <summary>Runs until every request is answered.</summary>
    public RunRecord Run()
    {
        while (_record.Answered < _workload.Requests.Count)
        {
            var now = NextEvent();
            foreach (var server in _servers)
            {
                if (server.Engine.NextEvent <= now)
                {
                    server.Engine.Advance(now);
                    _record.SawKvUsage(server.Engine.KvUsage);
                }
            }

            _feed.Advance(now);
            while (_arrivals.TryPeek(out _, out var next) && next.At <= now)
            {
                Send(_arrivals.Dequeue(), now);
            }

            if (now >= _nextLoadSample)
            {
                _record.SawLoad(now, _servers);
                _nextLoadSample += LoadSample;
            }
        }

        foreach (var server in _servers)
        {
            _record.SawStatistics(server.Engine.Statistics);
        }

        return _record;
    }

    void IEngineListener.OnProgress(EngineRequest request, TimeSpan at)
    {
        var inFlight = (RequestInFlight)request.Tag!;
        if (request.Generated == 1)
        {
            _strategy.Answering(inFlight.Request, inFlight.Server, at);
        }

        if (request.Finish == FinishReason.None)
        {
            return;
        }

        _servers[inFlight.Server].InFlight--;
        _strategy.Answered(inFlight.Request, inFlight.Server, at);
        _record.SawAnswer(inFlight.Request, request);
        ArrayPool<int>.Shared.Return(inFlight.Tokens);
        if (_nextTurns.TryGetValue(inFlight.Request, out var next))
        {
            Arrive(next, next.ArrivesAt > at ? next.ArrivesAt : at);
        }
    }

    void IEngineListener.OnStep(BatchEngine engine)
    {
    }

    private TimeSpan NextEvent()
    {
        var next = _feed.NextEvent;
        foreach (var server in _servers)
        {
            if (server.Engine.NextEvent is { } at && at < next)
            {
                next = at;
            }
        }

        return _arrivals.TryPeek(out _, out var arrival) && arrival.At < next ? arrival.At : next;
    }

    private void Arrive(SimulatedRequest request, TimeSpan at) => _arrivals.Enqueue(request, (at, request.Index));

    private void Send(SimulatedRequest request, TimeSpan now)
    {
        var tokens = ArrayPool<int>.Shared.Rent(request.PromptTokens + request.OutputTokens);
        request.CopyTo(tokens);
        var server = _strategy.Pick(new Arrival(request, tokens.AsSpan(0, request.PromptTokens), _feed.View, now));
        _servers[server].InFlight++;
        _servers[server].Engine.Submit(
            new EngineRequest(tokens.AsMemory(0, request.PromptTokens), tokens.AsMemory(request.PromptTokens, request.OutputTokens), adapter: request.Adapter)
            {
                Tag = new RequestInFlight(request, server, tokens),
            },
            now);
    }
}
