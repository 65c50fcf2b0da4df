using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>Options of a channel.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>null = by the address's scheme; anything else must agree with it.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>In bytes; null = no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>In bytes; null = no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>null = gzip.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Sends the calls; excludes <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>Sends the calls; null = a <see cref="SocketsHttpHandler"/> of the channel's own.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes the client or handler given.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>null = 2.0.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>null = exactly <see cref="HttpVersion"/>.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }
}
