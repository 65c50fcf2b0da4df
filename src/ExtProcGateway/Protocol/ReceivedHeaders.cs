using System.Buffers;
using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>A request's headers: kept as they came until the request is answered, because the answer repeats them, with what the picker reads of them.</summary>
/// <param name="budget">Where the memory of the copy is counted; null for nowhere.</param>
/// <remarks>One thread at a time.</remarks>
internal sealed class ReceivedHeaders(HeldBytes? budget = null) : IRequestHeaders
{
    private byte[] _map = [];
    private int _length;
    private Range _traceParent;
    private Range _traceState;

    /// <summary>The <c>HeaderMap</c> message; empty before <see cref="TryRead"/> and after <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> Map => _map.AsSpan(0, _length);

    /// <summary><c>x-request-id</c>; empty where there is none.</summary>
    public string RequestId { get; private set; } = "";

    /// <summary><c>traceparent</c>; empty where there is none, and after <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> TraceParent => Map[_traceParent];

    /// <summary><c>tracestate</c>; empty where there is none, and after <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> TraceState => Map[_traceState];

    /// <summary><c>Prefer: if-available</c> (RFC 7240): the request is to be served only by a server that holds some of its prompt.</summary>
    public bool OnlyIfCached { get; private set; }

    /// <summary>Name of the InferenceObjective; empty where none is named.</summary>
    public string Objective { get; private set; } = "";

    /// <summary>Whose request it is; empty where that is not said.</summary>
    public string FairnessId { get; private set; } = "";

    /// <summary>The model that the request shall be rewritten to; empty for none.</summary>
    public string ModelRewrite { get; private set; } = "";

    /// <summary>How long the request may take.</summary>
    public LatencyObjectives Objectives { get; private set; }

    /// <summary>What the request says of its videos.</summary>
    public VideoFacts Video { get; private set; }

    /// <summary>Keeps the headers and reads the ones that concern the picker; false where the map is malformed.</summary>
    /// <param name="path">The path by which the API is known: <c>:path</c>, else what a proxy says that it was, else completions; valid until <see cref="Release"/>.</param>
    public bool TryRead(ReadOnlySpan<byte> map, out ReadOnlySpan<byte> path)
    {
        _map = ArrayPool<byte>.Shared.Rent(map.Length);
        budget?.Hold(_map.Length);
        _length = map.Length;
        map.CopyTo(_map);

        ReadOnlySpan<byte> requestId = default, original = default, forwarded = default;
        ControlHeader objective = default, fairness = default, rewrite = default, ttft = default, tpot = default;
        path = default;
        var reader = new HeaderMapReader(Map);
        while (reader.TryRead(out var key, out var value))
        {
            switch (HeaderRoles.Of(key))
            {
                case HeaderRole.Path:
                    path = value;
                    break;
                case HeaderRole.OriginalPath:
                    original = value;
                    break;
                case HeaderRole.ForwardedPath:
                    forwarded = value;
                    break;
                case HeaderRole.RequestId:
                    requestId = value;
                    break;
                case HeaderRole.Prefer:
                    OnlyIfCached |= Preferences.Has(value, "if-available"u8);
                    break;
                case HeaderRole.TraceParent:
                    _traceParent = RangeOf(value);
                    break;
                case HeaderRole.TraceState:
                    _traceState = RangeOf(value);
                    break;
                case HeaderRole.Objective:
                    objective.SetCurrent(value);
                    break;
                case HeaderRole.ObjectiveAlias:
                    objective.SetAlias(value);
                    break;
                case HeaderRole.FairnessId:
                    fairness.SetCurrent(value);
                    break;
                case HeaderRole.FairnessIdAlias:
                    fairness.SetAlias(value);
                    break;
                case HeaderRole.ModelRewrite:
                    rewrite.SetCurrent(value);
                    break;
                case HeaderRole.ModelRewriteAlias:
                    rewrite.SetAlias(value);
                    break;
                case HeaderRole.TtftSlo:
                    ttft.SetCurrent(value);
                    break;
                case HeaderRole.TtftSloAlias:
                    ttft.SetAlias(value);
                    break;
                case HeaderRole.TpotSlo:
                    tpot.SetCurrent(value);
                    break;
                case HeaderRole.TpotSloAlias:
                    tpot.SetAlias(value);
                    break;
                case HeaderRole.VideoFramesPerSecond:
                    Video = Video with { FramesPerSecond = VideoFacts.ParseNumber(value) };
                    break;
                case HeaderRole.VideoDuration:
                    Video = Video with { Duration = VideoFacts.ParseNumber(value) };
                    break;
                case HeaderRole.VideoResolution:
                    var (width, height) = VideoFacts.ParseResolution(value);
                    Video = Video with { Width = width, Height = height };
                    break;
                default:
                    break;
            }
        }

        RequestId = Encoding.UTF8.GetString(requestId);
        Objective = objective.ToText();
        FairnessId = fairness.ToText();
        ModelRewrite = rewrite.ToText();
        Objectives = new(LatencyObjectives.Parse(ttft.Value), LatencyObjectives.Parse(tpot.Value));
        path = !path.IsEmpty ? path : !original.IsEmpty ? original : !forwarded.IsEmpty ? forwarded : WellKnown.DefaultPath;
        return !reader.Malformed;
    }

    private Range RangeOf(ReadOnlySpan<byte> value)
    {
        Map.Overlaps(value, out var start);
        return start..(start + value.Length);
    }

    /// <inheritdoc/>
    public bool TryGet(string name, out string value)
    {
        var (found, text) = (false, "");
        var wanted = Encoding.UTF8.GetBytes(name);
        var reader = new HeaderMapReader(Map);
        while (reader.TryRead(out var key, out var bytes))
        {
            if (Ascii.EqualsIgnoreCase(key, wanted))
            {
                (found, text) = (true, Encoding.UTF8.GetString(bytes));
            }
        }

        value = text;
        return found;
    }

    /// <inheritdoc/>
    public bool TryGetNext(ReadOnlySpan<byte> name, ref int position, out ReadOnlySpan<byte> value)
    {
        var reader = new HeaderMapReader(Map[position..]);
        while (reader.TryRead(out var key, out value))
        {
            if (Ascii.EqualsIgnoreCase(key, name))
            {
                position = _length - reader.Remaining;
                return true;
            }
        }

        position = _length;
        value = default;
        return false;
    }

    /// <summary>Gives the copy back. May be called again.</summary>
    public void Release()
    {
        if (_map.Length > 0)
        {
            budget?.Release(_map.Length);
            ArrayPool<byte>.Shared.Return(_map);
            _map = [];
        }

        _length = 0;
        _traceParent = _traceState = default;
    }

    /// <summary>A header with an older name: the current name wins where it is present, be it empty.</summary>
    private ref struct ControlHeader
    {
        private ReadOnlySpan<byte> _value;
        private bool _isCurrent;

        public readonly ReadOnlySpan<byte> Value => _value;

        public void SetCurrent(ReadOnlySpan<byte> value)
        {
            _value = value;
            _isCurrent = true;
        }

        public void SetAlias(ReadOnlySpan<byte> value)
        {
            if (!_isCurrent)
            {
                _value = value;
            }
        }

        public readonly string ToText() => _value.IsEmpty ? "" : Encoding.UTF8.GetString(_value);
    }
}
