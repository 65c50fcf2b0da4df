using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>A buffer of each thread for bytes that leave in the same turn.</summary>
internal static class Mapped
{
    /// <summary>A larger buffer is not kept.</summary>
    private const int LargestKept = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>The thread's buffer, empty.</summary>
    public static ArrayBufferWriter<byte> Cleared()
    {
        if (_buffer is not { Capacity: <= LargestKept } buffer)
        {
            return _buffer = new ArrayBufferWriter<byte>(4096);
        }

        buffer.ResetWrittenCount();
        return buffer;
    }
}
