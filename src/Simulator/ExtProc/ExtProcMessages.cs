using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;

namespace Orleans.Inference.Simulator.ExtProc;

/// <summary>Makes and reads messages of ext_proc as Envoy does.</summary>
public static class ExtProcMessages
{
    /// <summary>Header, and key within <see cref="LoadBalancingNamespace"/>, of the model servers to send a request to: <c>ip:port</c>, comma-separated.</summary>
    public const string DestinationEndpoint = "x-gateway-destination-endpoint";

    /// <summary>Key within <see cref="LoadBalancingNamespace"/> of the model server that answered.</summary>
    public const string DestinationEndpointServed = "x-gateway-destination-endpoint-served";

    /// <summary>Metadata namespace of the endpoint picker protocol.</summary>
    public const string LoadBalancingNamespace = "envoy.lb";

    /// <summary>Headers with their values in <c>raw_value</c>.</summary>
    public static HeaderMap Headers(IEnumerable<(string Name, string Value)> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var map = new HeaderMap();
        foreach (var (name, value) in headers)
        {
            map.Headers.Add(new HeaderValue { Key = name, RawValue = ByteString.CopyFrom(value, Encoding.Latin1) });
        }

        return map;
    }

    /// <summary>The phase "request headers".</summary>
    public static ProcessingRequest RequestHeaders(IEnumerable<(string Name, string Value)> headers, bool endOfStream)
    {
        return new ProcessingRequest { RequestHeaders = new HttpHeaders { Headers = Headers(headers), EndOfStream = endOfStream } };
    }

    /// <summary>The phase "request body".</summary>
    public static ProcessingRequest RequestBody(ReadOnlySpan<byte> body, bool endOfStream)
    {
        return new ProcessingRequest { RequestBody = new HttpBody { Body = ByteString.CopyFrom(body), EndOfStream = endOfStream } };
    }

    /// <summary>The phase "request trailers".</summary>
    public static ProcessingRequest RequestTrailers(IEnumerable<(string Name, string Value)> trailers)
    {
        return new ProcessingRequest { RequestTrailers = new HttpTrailers { Trailers = Headers(trailers) } };
    }

    /// <summary>The phase "response headers".</summary>
    public static ProcessingRequest ResponseHeaders(IEnumerable<(string Name, string Value)> headers, bool endOfStream)
    {
        return new ProcessingRequest { ResponseHeaders = new HttpHeaders { Headers = Headers(headers), EndOfStream = endOfStream } };
    }

    /// <summary>The phase "response body".</summary>
    public static ProcessingRequest ResponseBody(ReadOnlySpan<byte> body, bool endOfStream)
    {
        return new ProcessingRequest { ResponseBody = new HttpBody { Body = ByteString.CopyFrom(body), EndOfStream = endOfStream } };
    }

    /// <summary>The phase "response trailers".</summary>
    public static ProcessingRequest ResponseTrailers(IEnumerable<(string Name, string Value)> trailers)
    {
        return new ProcessingRequest { ResponseTrailers = new HttpTrailers { Trailers = Headers(trailers) } };
    }

    /// <summary>A header's value: <c>raw_value</c>, or <c>value</c> where that is empty.</summary>
    public static string ValueOf(HeaderValue? header)
    {
        if (header is null)
        {
            return "";
        }

        return header.RawValue.Length > 0 ? header.RawValue.ToString(Encoding.Latin1) : header.Value;
    }

    /// <summary>Destination in an answer to request headers: from the header that it sets, else from its dynamic metadata; null where neither names one.</summary>
    public static string? DestinationOf(ProcessingResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var header = response.RequestHeaders?.Response?.HeaderMutation?.SetHeaders
            .LastOrDefault(h => string.Equals(h.Header?.Key, DestinationEndpoint, StringComparison.OrdinalIgnoreCase));
        return header is not null ? ValueOf(header.Header) : MetadataDestinationOf(response);
    }

    /// <summary>Destination in an answer's dynamic metadata; null where there is none.</summary>
    public static string? MetadataDestinationOf(ProcessingResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.DynamicMetadata is { } metadata
            && metadata.Fields.TryGetValue(LoadBalancingNamespace, out var space)
            && space.StructValue is { } fields
            && fields.Fields.TryGetValue(DestinationEndpoint, out var value)
                ? value.StringValue
                : null;
    }
}
