using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>The address of a pod, in one form however it was written.</summary>
internal static class PodAddress
{
    /// <summary>Takes four decimal numbers or an IPv6 address without a zone; .NET alone would take <c>10.1</c> and <c>0x0a.0.0.1</c> too.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? address)
    {
        address = IPAddress.TryParse(text, out var ip) ? ip.ToString() : null;
        if (address is null || (ip!.AddressFamily == AddressFamily.InterNetwork ? address != text : address.Contains('%', StringComparison.Ordinal)))
        {
            address = null;
            return false;
        }

        return true;
    }
}
