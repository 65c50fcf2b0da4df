using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

/// <summary>A collector on the loopback address that takes OTLP over gRPC or HTTP, and reads as much of it as tests ask for.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _grpc;

    private OtlpCollector(bool grpc)
    {
        _grpc = grpc;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.MapPost(grpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/{**path}", TakeAsync);
    }

    public sealed record Received(string Service, string Scope, string Name, string TraceId, string ParentSpanId, string Attributes);

    public ConcurrentQueue<Received> Spans { get; } = new();

    /// <summary>Path, and header <c>x-tenant</c>, of each export.</summary>
    public ConcurrentQueue<(string Path, string Tenant)> Exports { get; } = new();

    public string Address => _app.Urls.Single();

    public static async Task<OtlpCollector> StartAsync(bool grpc)
    {
        var collector = new OtlpCollector(grpc);
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Exports.Enqueue((context.Request.Path, context.Request.Headers["x-tenant"].ToString()));
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        ReadRequest(body.ToArray().AsSpan(_grpc ? 5 : 0));
        if (_grpc)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        else
        {
            context.Response.ContentType = "application/x-protobuf";
        }
    }

    /// <summary>ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans.</summary>
    private void ReadRequest(ReadOnlySpan<byte> request)
    {
        foreach (var resourceSpans in Fields(request, 1))
        {
            var service = Fields(resourceSpans, 1).SelectMany(resource => Attributes(resource, 1)).Single(text => text.StartsWith("service.name=", StringComparison.Ordinal));
            foreach (var scopeSpans in Fields(resourceSpans, 2))
            {
                var scope = Encoding.UTF8.GetString(Fields(Fields(scopeSpans, 1)[0], 1)[0]);
                foreach (var span in Fields(scopeSpans, 2))
                {
                    Spans.Enqueue(new Received(
                        service["service.name=".Length..],
                        scope,
                        Encoding.UTF8.GetString(Fields(span, 5)[0]),
                        Convert.ToHexStringLower(Fields(span, 1)[0]),
                        Fields(span, 4) is [var parent, ..] ? Convert.ToHexStringLower(parent) : "",
                        string.Join(';', Attributes(span, 9))));
                }
            }
        }
    }

    /// <summary>KeyValues as text, those with string values.</summary>
    private static List<string> Attributes(ReadOnlySpan<byte> message, int field)
    {
        var found = new List<string>();
        foreach (var pair in Fields(message, field))
        {
            var text = Fields(Fields(pair, 2)[0], 1);
            if (text.Count > 0)
            {
                found.Add($"{Encoding.UTF8.GetString(Fields(pair, 1)[0])}={Encoding.UTF8.GetString(text[0])}");
            }
        }

        return found;
    }

    private static List<byte[]> Fields(ReadOnlySpan<byte> message, int wanted)
    {
        var found = new List<byte[]>();
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var field, out var type))
        {
            if (field == wanted && type == WireType.LengthDelimited)
            {
                Assert.True(reader.TryReadBytes(out var bytes));
                found.Add(bytes.ToArray());
            }
            else
            {
                reader.TrySkip(type);
            }
        }

        Assert.False(reader.Malformed);
        return found;
    }
}
