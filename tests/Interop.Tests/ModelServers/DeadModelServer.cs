using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.Interop.Tests.ModelServers;

/// <summary>An address that refuses every connection and that nothing else can take meanwhile.</summary>
internal sealed class DeadModelServer : IDisposable
{
    private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeadModelServer() => _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)_bound.LocalEndPoint!).Port;

    public string Address => $"127.0.0.1:{Port}";

    public void Dispose() => _bound.Dispose();
}
