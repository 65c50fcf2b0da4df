namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>What a connection allows its peer, and for how long it waits.</summary>
internal sealed class Http2ConnectionLimits
{
    /// <summary>The window and the table size that hold before any SETTINGS, RFC 9113 6.5.2.</summary>
    public const int DefaultWindow = 65_535;

    /// <summary>The smallest SETTINGS_MAX_FRAME_SIZE, and ours: senders in the field (Envoy, grpc-go) send 16 KiB in any case.</summary>
    public const int MaxFrameSize = 16_384;

    /// <summary>Our SETTINGS_HEADER_TABLE_SIZE, the protocol's default.</summary>
    public const int HeaderTableSize = 4096;

    /// <summary>
    /// Streams at once on a connection. Envoy keeps one connection a worker and one stream for each HTTP request in flight, minutes long with
    /// streamed answers. A stream waiting for the model server costs about half a KiB here, so that the bound is about 50 MiB.
    /// </summary>
    public int MaxStreams { get; init; } = 100_000;

    /// <summary>
    /// Receive window of each stream. Bytes are consumed as they come, so that it bounds only what one stream may send while its answers are not
    /// read; bodies up to this size never wait for a window update.
    /// </summary>
    public int StreamWindow { get; init; } = 4 * 1024 * 1024;

    /// <summary>Receive window of the connection, shared by its streams.</summary>
    public int ConnectionWindow { get; init; } = 64 * 1024 * 1024;

    /// <summary>Largest header list, by the count of RFC 9113 6.5.2; a larger one is answered with 431.</summary>
    public int MaxHeaderListSize { get; init; } = 64 * 1024;

    /// <summary>A stream gets no new window while more than this many bytes of answers wait for its peer.</summary>
    public int StreamPendingLimit { get; init; } = 1024 * 1024;

    /// <summary>Bytes that all streams of a connection may hold, answers not yet sent and messages not yet complete; the stream that would go over it is reset.</summary>
    public long ConnectionPendingLimit { get; init; } = 256L * 1024 * 1024;

    /// <summary>From this many bytes of control frames that the peer does not read, nothing more is read from it.</summary>
    public int ControlPendingLimit { get; init; } = 64 * 1024;

    /// <summary>Frames without use (see <see cref="Http2AbuseBudget"/>) that are taken at once.</summary>
    public int AbuseBurst { get; init; } = 20_000;

    /// <summary>How much of the abuse budget comes back with each <see cref="Tick"/>.</summary>
    public int AbuseRefill { get; init; } = 5_000;

    /// <summary>How often a connection's timeouts are looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Ticks that a new connection has for its preface, and a header block for its end.</summary>
    public int HandshakeTicks { get; init; } = 2;

    /// <summary>Ticks without a frame after which a PING is sent; as many more without an answer end the connection, so that calls of a vanished peer end too.</summary>
    public int IdleTicks { get; init; } = 6;

    /// <summary>Ticks for which the peer may leave our output unread.</summary>
    public int WriteStallTicks { get; init; } = 12;
}
