using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>
/// Holds a silo's ports without serving them: what another process connects is closed at once, and a second silo with the same ports
/// fails as it would with real ones.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public static PortReservation Take(EndpointOptions endpoints)
    {
        var reservation = new PortReservation();
        try
        {
            reservation.Hold(endpoints.SiloListeningEndpoint ?? new(endpoints.AdvertisedIPAddress, endpoints.SiloPort));
            if (endpoints.GatewayPort != 0)
            {
                reservation.Hold(endpoints.GatewayListeningEndpoint ?? new(endpoints.AdvertisedIPAddress, endpoints.GatewayPort));
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

    private void Hold(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        socket.Bind(endpoint);

        // A port that is bound and not listened to could be bound again.
        socket.Listen(1);
        _ = CloseWhatConnectsAsync(socket);
    }

    private static async Task CloseWhatConnectsAsync(Socket socket)
    {
        try
        {
            while (true)
            {
                using var connection = await socket.AcceptAsync();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The silo has stopped.
        }
    }
}
