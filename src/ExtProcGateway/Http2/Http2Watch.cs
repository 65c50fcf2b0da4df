namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Counts the ticks of a connection on which nothing happened that should.</summary>
internal sealed class Http2Watch(Http2ConnectionLimits limits)
{
    private long _frames;
    private int _idle;
    private int _stalled;
    private int _incomplete;

    /// <summary>What a tick found.</summary>
    public enum Verdict
    {
        Well,

        /// <summary>Nothing has come for so long that the peer should be asked whether it is there.</summary>
        Silent,

        /// <summary>The peer is gone, or holds us up on purpose.</summary>
        Dead,
    }

    /// <summary>The peer has taken what waited for it.</summary>
    public void OnFlushed() => _stalled = 0;

    public Verdict Tick(Http2Receiver receiver, Http2Output output)
    {
        _incomplete = receiver.Incomplete ? _incomplete + 1 : 0;
        _stalled = output.Flushing ? _stalled + 1 : 0;
        _idle = receiver.Frames == _frames ? _idle + 1 : 0;
        _frames = receiver.Frames;
        return _incomplete > limits.HandshakeTicks || _stalled > limits.WriteStallTicks || _idle > 2 * limits.IdleTicks ? Verdict.Dead
            : _idle == limits.IdleTicks ? Verdict.Silent
            : Verdict.Well;
    }
}
