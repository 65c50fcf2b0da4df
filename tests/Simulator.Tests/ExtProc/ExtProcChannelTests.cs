using System.Net;
using System.Net.Sockets;
using System.Text;
using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Simulator.ExtProc;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Simulator.Tests.ExtProc;

public sealed class ExtProcChannelTests
{
    [Theory]
    [InlineData("epp.default.svc.cluster.local")]
    [InlineData("outbound|9002||epp.default.svc.cluster.local")]
    [InlineData("extension/namespace/name")]
    public async Task Open_WithAnAuthority_SendsItAsItIs(string authority)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = ExtProcChannel.Open(listener.LocalEndpoint.ToString()!, authority: authority);
        using var stream = new ExtProcStream(
            new ExternalProcessor.ExternalProcessorClient(channel), new ProtocolConfiguration(), headers: null, CancellationToken.None);
        _ = stream.SendAsync(ExtProcMessages.RequestHeaders([], endOfStream: true), CancellationToken.None);

        // The header block is not compressed beyond HPACK's tables, so the name stands in it as it is.
        using var connection = await listener.AcceptTcpClientAsync(Bounds.Token());
        var network = connection.GetStream();
        await network.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
        var received = new StringBuilder();
        var buffer = new byte[4096];
        while (!received.ToString().Contains(authority, StringComparison.Ordinal))
        {
            var length = await network.ReadAsync(buffer, Bounds.Token());
            Assert.True(length > 0, received.ToString());
            received.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }
    }
}
