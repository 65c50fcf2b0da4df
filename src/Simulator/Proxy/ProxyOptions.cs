using System.Net;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>Where the proxy listens, and whom it asks.</summary>
internal sealed record ProxyOptions
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 lets the system choose.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The picker: <c>host:port</c> for plain HTTP/2, or with <c>https://</c> for TLS.</summary>
    public string ExtProc { get; init; } = "127.0.0.1:9002";

    /// <summary>The <c>:authority</c> of ext_proc calls; null for host and port.</summary>
    public string? Authority { get; init; }

    /// <summary>With TLS: whether the picker's certificate must be valid. It is self-signed by default, and gateways don't verify it.</summary>
    public bool VerifyCertificate { get; init; }
}
