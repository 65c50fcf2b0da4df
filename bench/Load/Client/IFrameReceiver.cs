namespace Orleans.Inference.Bench.Load.Client;

/// <summary>Takes the frames of a <see cref="FrameConnection"/>, which holds its lock meanwhile.</summary>
internal interface IFrameReceiver
{
    void OnFrame(int type, int flags, int stream, ReadOnlySpan<byte> payload);

    /// <summary>The connection is closed or broken; the lock is held here too.</summary>
    void OnLost();
}
