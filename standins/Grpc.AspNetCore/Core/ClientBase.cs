namespace Grpc.Core;

/// <summary>Base of generated clients.</summary>
public abstract class ClientBase
{
    protected ClientBase()
        : this(new ClientBaseConfiguration(null, null))
    {
    }

    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Configuration = configuration;
    }

    public ClientBase(ChannelBase channel)
        : this(new ClientBaseConfiguration(channel.CreateCallInvoker(), null))
    {
    }

    public ClientBase(CallInvoker callInvoker)
        : this(new ClientBaseConfiguration(callInvoker, null))
    {
    }

    protected CallInvoker CallInvoker
        => Configuration.CallInvoker ?? throw new NotImplementedException("This client was made without a channel: it is a base for test doubles.");

    private protected ClientBaseConfiguration Configuration { get; }

    /// <summary>What a generated client is made from.</summary>
    protected internal class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker? callInvoker, string? host)
        {
            CallInvoker = callInvoker is null || host is null ? callInvoker : new HostCallInvoker(callInvoker, host);
            Undecorated = callInvoker;
        }

        internal CallInvoker? CallInvoker { get; }

        private CallInvoker? Undecorated { get; }

        internal ClientBaseConfiguration WithHost(string host) => new(Undecorated, host);
    }
}
