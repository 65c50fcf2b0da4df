namespace Grpc.Core;

/// <summary>Options of the messages that follow on a stream.</summary>
public class WriteOptions(WriteFlags flags = default)
{
    public static readonly WriteOptions Default = new();

    public WriteFlags Flags { get; } = flags;

    internal static bool AllowsCompression(WriteOptions? options) => options is null || !options.Flags.HasFlag(WriteFlags.NoCompress);
}
