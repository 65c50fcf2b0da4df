namespace Grpc.Core;

/// <summary>Whether a channel uses TLS.</summary>
public abstract class ChannelCredentials
{
    public static ChannelCredentials Insecure { get; } = new Kind(isSecure: false);

    public static ChannelCredentials SecureSsl { get; } = new Kind(isSecure: true);

    internal abstract bool IsSecure { get; }

    private sealed class Kind(bool isSecure) : ChannelCredentials
    {
        internal override bool IsSecure { get; } = isSecure;
    }
}
