using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>
/// Holds a silo's ports without serving them: nothing of another process can connect, and a second silo with the same ports fails as it
/// would with real ones.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public static PortReservation Take(EndpointOptions endpoints)
    {
        var reservation = new PortReservation();
        try
        {
            reservation.Bind(endpoints.SiloListeningEndpoint ?? new(endpoints.AdvertisedIPAddress, endpoints.SiloPort));
            if (endpoints.GatewayPort != 0)
            {
                reservation.Bind(endpoints.GatewayListeningEndpoint ?? new(endpoints.AdvertisedIPAddress, endpoints.GatewayPort));
            }
        }
        catch
        {
            reservation.Dispose();
            throw;
        }

        return reservation;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        _sockets.Add(socket);
        socket.Bind(endpoint);
    }
}
