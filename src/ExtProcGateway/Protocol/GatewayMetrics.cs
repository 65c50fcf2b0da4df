using System.Diagnostics.Metrics;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Meter of the ext_proc front-end.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Orleans.Inference.ExtProcGateway";

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _streams;
    private readonly Counter<long> _picks;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _malformed;

    public GatewayMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _streams = _meter.CreateUpDownCounter<long>("streams", description: "ext_proc streams that are open.");
        _picks = _meter.CreateCounter<long>("picks", description: "Requests for which a model server was picked.");
        _refusals = _meter.CreateCounter<long>("refusals", description: "Requests that were refused, by HTTP status.");
        _malformed = _meter.CreateCounter<long>("malformed_streams", description: "ext_proc streams ended because of a malformed message.");
    }

    public void StreamOpened() => _streams.Add(1);

    public void StreamClosed() => _streams.Add(-1);

    public void Picked() => _picks.Add(1);

    public void Refused(int status) => _refusals.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Malformed() => _malformed.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
