using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>Sends a model server's response to the picker, or past it to the client.</summary>
internal static class ResponseSender
{
    private const int LargestPiece = 64 * 1024;

    /// <summary>Headers, body and end, each as soon as it is there, without waiting for answers.</summary>
    /// <param name="reading">Ends the reading from the model server.</param>
    /// <param name="sending">Ends the sending to the picker, and with it the stream.</param>
    public static async Task SendAsync(
        ExtProcStream stream, UpstreamResponse response, HeaderList headers, bool hasBody, string picked, CancellationToken reading, CancellationToken sending)
    {
        stream.Context = CreateContext(picked, response.ServedBy);
        await stream.SendAsync(ExtProcMessages.ResponseHeaders(headers.All, endOfStream: !hasBody), sending);
        if (!hasBody)
        {
            return;
        }

        var body = await response.ReadBodyAsync(reading);
        var buffer = new byte[LargestPiece];
        while (await body.ReadAsync(buffer, reading) is var length and > 0)
        {
            await stream.SendAsync(ExtProcMessages.ResponseBody(buffer.AsSpan(0, length), endOfStream: false), sending);
        }

        var trailers = response.ReadTrailers();
        await stream.SendAsync(
            trailers.Count > 0 ? ExtProcMessages.ResponseTrailers(trailers) : ExtProcMessages.ResponseBody([], endOfStream: true), sending);
    }

    /// <summary>The response as it is: where the picker has ended its stream.</summary>
    public static async Task PassOnAsync(HttpResponse client, UpstreamResponse response, HeaderList headers, CancellationToken cancellationToken)
    {
        ClientResponse.SetHead(client, headers);
        var body = await response.ReadBodyAsync(cancellationToken);
        var buffer = new byte[LargestPiece];
        while (await body.ReadAsync(buffer, cancellationToken) is var length and > 0)
        {
            await client.Body.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            await client.Body.FlushAsync(cancellationToken);
        }
    }

    // What the picker said, which Envoy shows it again, and who has really answered.
    private static Metadata CreateContext(string picked, string? servedBy)
    {
        var fields = new Struct();
        if (picked.Length > 0)
        {
            fields.Fields[ExtProcMessages.DestinationEndpoint] = Value.ForString(picked);
        }

        if (servedBy is not null)
        {
            fields.Fields[ExtProcMessages.DestinationEndpointServed] = Value.ForString(servedBy);
        }

        var context = new Metadata();
        context.FilterMetadata[ExtProcMessages.LoadBalancingNamespace] = fields;
        return context;
    }
}
