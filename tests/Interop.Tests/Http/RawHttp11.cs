using System.Net.Sockets;
using System.Text;

namespace Orleans.Inference.Interop.Tests.Http;

/// <summary>One request over a connection of its own, as text: header lines that <see cref="HttpClient"/> would join, and trailers.</summary>
internal static class RawHttp11
{
    /// <summary>Sends a request and reads to the end of the connection.</summary>
    /// <param name="head">Request line and header lines, without those for host and connection; each with its line end.</param>
    /// <param name="body">What follows the empty line behind them.</param>
    public static async Task<string> SendAsync(int port, string head, string body, CancellationToken cancellation)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", port, cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}host: client.test\r\nconnection: close\r\n\r\n{body}"), cancellation);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }
}
