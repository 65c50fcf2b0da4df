using System.Buffers;
using System.Globalization;
using OpenTelemetry.Exporter;

namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>The collector of the spans, as the <c>OTEL_EXPORTER_OTLP_…</c> variables name it.</summary>
/// <remarks>
/// Read here, because the exporter's package reads those for all signals alone: of a variable for traces (<c>OTEL_EXPORTER_OTLP_TRACES_…</c>) and the one for all signals, the one for
/// traces counts.
/// </remarks>
internal sealed record OtlpTarget
{
    /// <summary>What all the variables begin with.</summary>
    public const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>What those for traces begin with.</summary>
    public const string TracesPrefix = Prefix + "TRACES_";

    private const string TracesPath = "/v1/traces";
    private const int DefaultTimeoutMilliseconds = 10_000;

    private static readonly string[] Certificates = ["CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"];
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Where the spans are sent: with HTTP the whole URL, with gRPC the server.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>gRPC, or protobuf over HTTP.</summary>
    public required OtlpExportProtocol Protocol { get; init; }

    /// <summary>Sent with each export, as <c>name=value</c> with commas between; null for none.</summary>
    public string? Headers { get; init; }

    /// <summary>Longest wait for the collector's answer.</summary>
    public int TimeoutMilliseconds { get; init; } = DefaultTimeoutMilliseconds;

    /// <summary>Compress what is sent.</summary>
    public OtlpExportCompression Compression { get; init; }

    /// <summary>Reads the variables; null where the endpoint can't be used: nothing is exported then, as another address would be a guess.</summary>
    public static OtlpTarget? From(IConfiguration variables, List<string> warnings)
    {
        var protocol = ReadProtocol(variables, warnings);
        return ReadEndpoint(variables, protocol, warnings) is { } endpoint
            ? new OtlpTarget
            {
                Endpoint = endpoint,
                Protocol = protocol,
                Headers = ReadHeaders(variables, warnings),
                TimeoutMilliseconds = ReadTimeout(variables, warnings),
                Compression = ReadCompression(variables, warnings),
            }
            : null;
    }

    /// <summary>The variables without those that are read here. Certificates, which the exporter reads itself, are those for traces where there are any.</summary>
    public static IConfiguration Without(IConfiguration variables)
    {
        var rest = variables.AsEnumerable().Where(variable => !variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase));
        var certificates = Certificates.Select(name => KeyValuePair.Create(Prefix + name, Find(variables, name).Value));
        return new ConfigurationBuilder().AddInMemoryCollection(rest.Concat(certificates)).Build();
    }

    /// <summary>Sets the exporter's options.</summary>
    public void Apply(OtlpExporterOptions options)
    {
        options.Endpoint = Endpoint;
        options.Protocol = Protocol;
        options.Headers = Headers;
        options.TimeoutMilliseconds = TimeoutMilliseconds;
        options.Compression = Compression;
    }

    /// <summary>For the log: without user, password and query.</summary>
    public override string ToString() => Endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static (string Name, string? Value) Find(IConfiguration variables, string name) =>
        variables[TracesPrefix + name] is { Length: > 0 } own ? (TracesPrefix + name, own)
        : variables[Prefix + name] is { Length: > 0 } general ? (Prefix + name, general)
        : (Prefix + name, null);

    private static Uri? ReadEndpoint(IConfiguration variables, OtlpExportProtocol protocol, List<string> warnings)
    {
        var isHttp = protocol == OtlpExportProtocol.HttpProtobuf;
        var (name, value) = Find(variables, "ENDPOINT");
        value = value?.Trim() ?? (isHttp ? "http://localhost:4318" : "http://localhost:4317");
        if (!Uri.TryCreate(value, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            warnings.Add($"{name}: \"{value}\" is no URL such as http://host:{(isHttp ? "4318" : "4317")}; no traces are sent to a collector");
            return null;
        }

        // That for all signals is a base, that for traces the address itself.
        if (isHttp && !name.StartsWith(TracesPrefix, StringComparison.Ordinal) && !endpoint.AbsolutePath.EndsWith(TracesPath, StringComparison.Ordinal))
        {
            endpoint = new UriBuilder(endpoint) { Path = endpoint.AbsolutePath.TrimEnd('/') + TracesPath }.Uri;
        }

        return endpoint;
    }

    private static OtlpExportProtocol ReadProtocol(IConfiguration variables, List<string> warnings)
    {
        var (name, value) = Find(variables, "PROTOCOL");
        if (value is not (null or "grpc" or "http/protobuf"))
        {
            warnings.Add($"{name}: \"{value}\" is neither grpc nor http/protobuf; grpc takes its place");
        }

        return value == "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
    }

    /// <summary>What is no header is left out: the exporter would refuse them all.</summary>
    private static string? ReadHeaders(IConfiguration variables, List<string> warnings)
    {
        var (name, value) = Find(variables, "HEADERS");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (pair.IndexOf('=') is > 0 and var equals && IsName(pair.AsSpan(0, equals).Trim()))
            {
                headers[pair[..equals].Trim()] = pair[(equals + 1)..].Trim();
            }
            else
            {
                // What it holds may be a secret.
                warnings.Add($"{name}: header {headers.Count + 1} is not NAME=VALUE, and left out");
            }
        }

        return headers.Count == 0 ? null : string.Join(',', headers.Select(header => $"{header.Key}={header.Value}"));
    }

    private static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(NameCharacters);

    private static int ReadTimeout(IConfiguration variables, List<string> warnings)
    {
        var (name, value) = Find(variables, "TIMEOUT");
        if (value is null)
        {
            return DefaultTimeoutMilliseconds;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0)
        {
            return milliseconds;
        }

        warnings.Add($"{name}: \"{value}\" is no number of milliseconds; {DefaultTimeoutMilliseconds} takes its place");
        return DefaultTimeoutMilliseconds;
    }

    private static OtlpExportCompression ReadCompression(IConfiguration variables, List<string> warnings)
    {
        var (name, value) = Find(variables, "COMPRESSION");
        if (value is not (null or "none" or "gzip"))
        {
            warnings.Add($"{name}: \"{value}\" is neither gzip nor none; none takes its place");
        }

        return value == "gzip" ? OtlpExportCompression.GZip : OtlpExportCompression.None;
    }
}
