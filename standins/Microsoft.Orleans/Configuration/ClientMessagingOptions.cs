using System.Net;

namespace Orleans.Configuration;

public class ClientMessagingOptions : MessagingOptions
{
    public IPAddress? LocalAddress { get; set; }

    public string? NetworkInterfaceName { get; set; }
}
