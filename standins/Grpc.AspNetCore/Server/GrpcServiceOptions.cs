using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>Options of gRPC services.</summary>
public class GrpcServiceOptions
{
    /// <summary>The default of <see cref="MaxReceiveMessageSize"/>: 4 MiB.</summary>
    internal const int DefaultReceiveMaxMessageSize = 4 * 1024 * 1024;

    /// <summary>In bytes; null = no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>In bytes; null = no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultReceiveMaxMessageSize;

    /// <summary>Whether a client is told an exception's type and message; null = false.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The encoding of responses, where the client accepts it; null = none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>null = the provider's own.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    public IList<ICompressionProvider> CompressionProviders { get; set; } = [new GzipCompressionProvider(CompressionLevel.Fastest)];

    /// <summary>Whether calls to unknown services are left to the rest of the application; null = false: they get UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }
}
