using System.Net;
using System.Net.Http.Headers;
using Contracts.Grpc.Protos;
using Grpc.Core;

namespace Contracts.Grpc;

public sealed class RoutingTests
{
    private static readonly Marshaller<string> Text = Marshallers.StringMarshaller;

    [Theory]
    [InlineData("contracts.probe.v1.Probe", "Absent", "Method is unimplemented.")]
    [InlineData("contracts.probe.v1.Absent", "Unary", "Service is unimplemented.")]
    public async Task UnknownMethodOrService_Called_IsUnimplemented(string service, string method, string detail)
    {
        await using var server = await ProbeServer.StartAsync();
        var invoker = server.Connect().CreateCallInvoker();
        var unary = new Method<string, string>(MethodType.Unary, service, method, Text, Text);
        var duplex = new Method<string, string>(MethodType.DuplexStreaming, service, method, Text, Text);

        var failure = await Failure.OfAsync(invoker.AsyncUnaryCall(unary, null, new CallOptions(), "").ResponseAsync);
        using var stream = invoker.AsyncDuplexStreamingCall(duplex, null, new CallOptions());
        var streamed = await Failure.OfAsync(stream.ResponseStream.MoveNext());

        Assert.Equal(new Status(StatusCode.Unimplemented, detail), failure.Status);
        Assert.Equal(new Status(StatusCode.Unimplemented, detail), streamed.Status);
    }

    [Fact]
    public async Task Method_NotOverridden_IsUnimplemented()
    {
        await using var server = await ProbeServer.StartAsync();

        var failure = await Failure.OfAsync(server.CreateClient().NeverWrittenAsync(new Ask()).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    [Fact]
    public async Task Request_OfAnotherContentType_Is415()
    {
        await using var server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using var request = RawRequest.Create(server.Address, "/contracts.probe.v1.Probe/Unary");
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await http.SendAsync(request).WaitAsync(ProbeServer.Patience);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Client_AnsweredWithoutGrpc_MapsTheHttpStatus()
    {
        await using var server = await ProbeServer.StartAsync(configure: options => options.IgnoreUnknownServices = true);
        var method = new Method<string, string>(MethodType.Unary, "other.Service", "Method", Text, Text);

        var failure = await Failure.OfAsync(
            server.Connect().CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(), "").ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("404", failure.Status.Detail, StringComparison.Ordinal);
    }
}
