using System.Net;

namespace Orleans.Configuration;

public class EndpointOptions
{
    public const int DEFAULT_SILO_PORT = 11111;
    public const int DEFAULT_GATEWAY_PORT = 30000;

    private int _siloPort = DEFAULT_SILO_PORT;

    public IPAddress AdvertisedIPAddress { get; set; } = IPAddress.Loopback;

    public int SiloPort
    {
        get => _siloPort;
        set => _siloPort = value != 0
            ? value
            : throw new OrleansConfigurationException($"No listening port specified: set {nameof(EndpointOptions)}.{nameof(SiloPort)}.");
    }

    public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;

    public IPEndPoint? SiloListeningEndpoint { get; set; }

    public IPEndPoint? GatewayListeningEndpoint { get; set; }
}
