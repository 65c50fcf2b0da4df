using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Responses;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Scheduling.Disaggregation;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>What one call tells the metrics, and the times that it needs for that.</summary>
/// <remarks>A mutable struct, for a field of its call; in the turn of the call's connection. Requests without a body have no series: nothing is known of them.</remarks>
internal struct CallFigures(RequestMetrics requests, PickerMetrics picker, TimeProvider time)
{
    private RequestSeries? _series;
    private LatencyMeasure? _latency;
    private long _receivedAt;
    private long _firstPieceAt;
    private long _lastPieceAt;
    private long _busy;
    private bool _running;

    /// <summary>Seconds since the call began.</summary>
    public readonly double Age => time.GetElapsedTime(_receivedAt).TotalSeconds;

    /// <summary>The call has begun: its first message is the request's headers.</summary>
    public void Received() => _receivedAt = time.GetTimestamp();

    /// <summary>A rule has chosen the model.</summary>
    public readonly void Rewritten(string rule, InferenceRequest request) => picker.ModelRewriteDecision(rule, request.IncomingModel, request.TargetModel);

    /// <summary>Whose request it is, for figures of what is in flight.</summary>
    public InFlightFlow FlowOf(InferenceRequest request) => SeriesOf(request).Flow;

    /// <summary>The decision begins; hand the result to <see cref="Picked"/> or <see cref="NotPicked"/>.</summary>
    public readonly long Deciding(InferenceRequest request)
    {
        request.PluginTimes = picker.Plugins.OfNextRequest();
        return time.GetTimestamp();
    }

    /// <summary>A model server was found.</summary>
    public void Picked(long since, InferenceRequest request, in Decision decision)
    {
        picker.SchedulerDuration(time.GetElapsedTime(since).TotalSeconds);
        picker.Prefix.Matched(decision.PrefixProducer, decision.MatchedTokens, decision.SoughtTokens);
        picker.SchedulerSucceeded(request.TargetModel, decision.View.Servers[decision.Primary]);
        _latency = decision.Predictor is { } predictor ? new LatencyMeasure(predictor, decision.Features, request.Streaming, time.GetTimestamp()) : null;
        SeriesOf(request).Scheduled(request.BodySize);
    }

    /// <summary>The configuration splits requests: this one's stages.</summary>
    public readonly void Disaggregated(DisaggregationDecision stages, InferenceRequest request) => picker.DisaggregationDecision(stages, request.TargetModel);

    /// <summary>The request is refused; it was an attempt to find a model server only where the scheduler was asked.</summary>
    public readonly void NotPicked(long since, InferenceRequest request, Refusal refusal, in Decision decision)
    {
        if (refusal.IsOfScheduler)
        {
            picker.SchedulerFailed(request.TargetModel);
        }
        else if (decision.View is { } view)
        {
            picker.SchedulerSucceeded(request.TargetModel, view.Servers[decision.Primary]);
        }
        else
        {
            return;
        }

        picker.SchedulerDuration(time.GetElapsedTime(since).TotalSeconds);
    }

    /// <summary>The request went on.</summary>
    public void Forwarded(InferenceRequest request)
    {
        picker.RequestProcessing(time.GetElapsedTime(_receivedAt).TotalSeconds);
        _running = true;
        SeriesOf(request).RunningStarted();
    }

    /// <summary>The request was refused, or answered with an error by its model server.</summary>
    public void Failed(InferenceRequest request, string code)
    {
        SeriesOf(request).Failed(code);
        _latency = null; // an error is sooner there than an answer
    }

    /// <summary>A part of the response came; hand the result to <see cref="Passed"/>.</summary>
    public readonly long Passing() => time.GetTimestamp();

    /// <summary>That part is passed on.</summary>
    public void Passed(long since) => _busy += time.GetTimestamp() - since;

    /// <summary>Bytes of the response's body came.</summary>
    public void Piece(long now, bool streaming)
    {
        if (_firstPieceAt == 0)
        {
            _firstPieceAt = now;
        }
        else if (streaming)
        {
            _series?.InterTokenLatency(time.GetElapsedTime(_lastPieceAt, now).TotalSeconds);
        }

        _lastPieceAt = now;
    }

    /// <summary>The response is complete.</summary>
    public readonly void Completed(long size, bool streamed, in UsageReader reader)
    {
        picker.ResponseProcessing(time.GetElapsedTime(0, _busy).TotalSeconds);
        if (_firstPieceAt != 0)
        {
            _latency?.Completed(time, streamed && !reader.IsWhole, _firstPieceAt, _lastPieceAt, reader);
        }

        var usage = reader.Usage;
        _series?.Completed(new CompletedRequest
        {
            Duration = time.GetElapsedTime(_receivedAt).TotalSeconds,
            TimeToFirstToken = _firstPieceAt == 0 ? double.NaN : time.GetElapsedTime(_receivedAt, _firstPieceAt).TotalSeconds,
            Streamed = streamed,
            ResponseBytes = size,
            InputTokens = usage.Prompt,
            OutputTokens = usage.Completion,
            CachedTokens = usage.Cached ?? -1,
            StreamedEvents = reader.StreamedEvents,
        });
    }

    /// <summary>The call is over, in whatever way. May be called again.</summary>
    public void Ended()
    {
        if (_running)
        {
            _running = false;
            _series?.RunningEnded();
        }
    }

    private RequestSeries SeriesOf(InferenceRequest request) =>
        _series ??= requests.For(request.IncomingModel, request.TargetModel, request.FairnessId, request.Priority);
}
