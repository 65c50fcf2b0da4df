using System.Collections.Concurrent;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Scheduling.Disaggregation;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The metrics of the picker itself: how long its parts take, and what they decide.</summary>
/// <remarks>Safe from any thread; being told costs tens of nanoseconds, and no allocation once a series is there.</remarks>
internal sealed class PickerMetrics
{
    private readonly ConcurrentDictionary<(string Rule, string Model, string Target), TallyCounter> _rewrites = new();
    private readonly ConcurrentDictionary<(DisaggregationDecision Decision, string Model), TallyCounter> _stages = new();
    private readonly CounterFamily _rewriteDecisions;
    private readonly CounterFamily _disaggregations;
    private readonly CounterFamily _prefills;
    private readonly ProcessHistogram _scheduler;
    private readonly ProcessHistogram _request;
    private readonly ProcessHistogram _response;
    private readonly RequestMetrics _requests;
    private readonly SchedulerAttempts _attempts;

    /// <param name="requests">Whose bounded model names these metrics share.</param>
    /// <param name="pools">Whose model servers have series of their own.</param>
    public PickerMetrics(CollectorRegistry registry, RequestMetrics requests, PoolRegistry pools, GatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(options);
        var factory = MetricCatalog.FactoryOf(registry);
        _requests = requests;
        _scheduler = new(new(MetricCatalog.SchedulerDuration, factory));
        _request = new(new(MetricCatalog.RequestProcessing, factory));
        _response = new(new(MetricCatalog.ResponseProcessing, factory));
        _rewriteDecisions = new(MetricCatalog.RewriteDecisions, factory);
        _disaggregations = new(MetricCatalog.DisaggregationDecisions, factory);
        _prefills = new(MetricCatalog.PrefillDecisions, factory);
        _attempts = new(new(MetricCatalog.SchedulerAttempts, factory), requests.Models, pools);
        Plugins = new(new(MetricCatalog.PluginDuration, factory));
        Prefix = new(factory);
        Streams = options.GrpcStreamMetrics ? new StreamMetrics(registry) : null;
        new GaugeFamily(MetricCatalog.Info, factory).Set(1, BuildInfo.Commit, BuildInfo.Reference);
        registry.AddBeforeCollectCallback(Flush);
    }

    /// <summary>How long the plugins take.</summary>
    public PluginDurations Plugins { get; }

    /// <summary>How much of the prompts was known to be cached.</summary>
    public PrefixHits Prefix { get; }

    /// <summary>The ext_proc streams; null unless they are asked for.</summary>
    public StreamMetrics? Streams { get; }

    /// <summary>Finding a model server took this many seconds, whether one was found or not.</summary>
    public void SchedulerDuration(double seconds) => _scheduler.Observe(seconds);

    /// <summary>A model server was found.</summary>
    public void SchedulerSucceeded(string targetModel, ModelServer server) => _attempts.Succeeded(targetModel, server);

    /// <summary>No model server was found.</summary>
    public void SchedulerFailed(string targetModel) => _attempts.Failed(targetModel);

    /// <summary>From a request's headers to the answer with its destination, seconds.</summary>
    public void RequestProcessing(double seconds) => _request.Observe(seconds);

    /// <summary>The picker's own time for a response, seconds: of a streamed one, for all its pieces together.</summary>
    public void ResponseProcessing(double seconds) => _response.Observe(seconds);

    /// <summary>A rule chose a request's model.</summary>
    /// <param name="ruleName">Name of the InferenceModelRewrite.</param>
    /// <param name="model">As the client named it.</param>
    public void ModelRewriteDecision(string ruleName, string model, string target)
    {
        var key = (ruleName, _requests.Models.Bound(model), target);
        if (!_rewrites.TryGetValue(key, out var tally))
        {
            tally = _rewrites.GetOrAdd(key, _ => new TallyCounter());
        }

        tally.Increment();
    }

    /// <summary>A profile handler has split a request's stages, or left them together.</summary>
    /// <param name="model">As the model server is asked for it.</param>
    public void DisaggregationDecision(DisaggregationDecision decision, string model)
    {
        var key = (decision, model.Length == 0 ? "unknown" : _requests.Models.Bound(model));
        if (!_stages.TryGetValue(key, out var tally))
        {
            tally = _stages.GetOrAdd(key, _ => new TallyCounter());
        }

        tally.Increment();
    }

    private void Flush()
    {
        _scheduler.Flush();
        _request.Flush();
        _response.Flush();
        _attempts.Flush();
        Plugins.Flush();
        Prefix.Flush();
        foreach (var ((rule, model, target), tally) in _rewrites)
        {
            if (tally.Take() is > 0 and var count)
            {
                _rewriteDecisions.Add(count, rule, model, target);
            }
        }

        foreach (var ((decision, model), tally) in _stages)
        {
            if (tally.Take() is > 0 and var count)
            {
                var family = decision.PluginType == PdProfileHandler.Type ? _prefills : _disaggregations;
                family.Add(count, decision.PluginName, decision.PluginType, model, decision.Stages);
            }
        }
    }
}
