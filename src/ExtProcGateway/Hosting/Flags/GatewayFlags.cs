namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>The flags of the ext_proc front-end.</summary>
internal static class GatewayFlags
{
    public static IEnumerable<Flag> All { get; } =
    [
        FlagOf.Port("--grpc-port", GatewayOptions.DefaultGrpcPort, "Port of ext_proc.", (v, port) => v.Options.Gateway.GrpcPort = port),
        FlagOf.Port("--grpc-health-port", GatewayOptions.DefaultHealthPort, "Port of gRPC health.", (v, port) => v.Options.Gateway.HealthPort = port),
        FlagOf.Bool("--health-checking", false, "Answer gRPC health on the ext_proc port too.", (v, on) => v.Options.Gateway.HealthChecking = on),
        FlagOf.Checked(
            "--listen",
            "",
            "An ext_proc port of its own for a pool, as NAMESPACE/POOL=PORT; repeatable.",
            (v, text) => AddListen(v.Options.Gateway, text),
            repeatable: true),
        FlagOf.Text("--pool-name", "", "The one InferencePool to serve; empty serves every pool that is found.", (v, text) => v.Options.Gateway.PoolName = NullIfEmpty(text)),
        FlagOf.Text(
            "--pool-namespace",
            "",
            "Namespace of the pool, and of objects in manifests that name none; empty takes the environment's NAMESPACE, else \"default\".",
            (v, text) => SetNamespace(v.Options.Gateway, text)),
        FlagOf.Text("--pool-group", "inference.networking.k8s.io", "API group of the pool.", (v, text) => v.Options.Gateway.PoolGroup = text),
        FlagOf.Text("--config-file", "", "EndpointPickerConfig, a file that is followed; not together with --config-text. See docs/plugins.md.", (v, text) => v.Options.Gateway.ConfigFile = NullIfEmpty(text)),
        FlagOf.Text("--config-text", "", "EndpointPickerConfig, in place; not together with --config-file.", (v, text) => v.Options.Gateway.ConfigText = NullIfEmpty(text)),
        FlagOf.Bool("--allow-experimental-plugins", false, "Take plugins in the configuration that the reference picker calls experimental.", (v, on) => v.Options.Gateway.AllowExperimentalPlugins = on),
        FlagOf.Checked("--plugin-assembly", "", "Assembly with plugins of your own; repeatable.", (v, text) => AddAssembly(v.Options.Gateway, text), repeatable: true),
        FlagOf.Bool("--secure-serving", true, "TLS on the ext_proc port, with a self-signed certificate unless --cert-path names one.", (v, on) => v.Options.Gateway.SecureServing = on),
        FlagOf.Text("--cert-path", "", "Folder with tls.crt and tls.key.", (v, text) => v.Options.Gateway.CertPath = NullIfEmpty(text)),
        FlagOf.Bool("--enable-cert-reload", false, "Read the certificate again when its files change.", (v, on) => v.Options.Gateway.EnableCertReload = on),
        FlagOf.Checked("--tls-min-version", "", "Least TLS version: VersionTLS10 to VersionTLS13; empty means VersionTLS12.", (v, text) => SetTlsVersion(v.Options.Gateway.Tls, text)),
        FlagOf.Checked(
            "--tls-cipher-suites",
            "",
            "Cipher suites for TLS 1.2 and older, by Go's names, separated by commas; empty leaves them to the system. Not on Windows.",
            (v, text) => SetCipherSuites(v.Options.Gateway.Tls, text)),
        FlagOf.Quantity("--grpc-max-recv-msg-size", "Largest gRPC message taken; empty means 4Mi.", (v, size) => v.MaxReceiveMessageSize = size),
        FlagOf.Quantity("--grpc-max-send-msg-size", "Largest gRPC message sent; empty means no limit.", (v, size) => v.MaxSendMessageSize = size),
        FlagOf.Quantity("--max-request-body-size", "Largest request body buffered; a larger one is refused with 413. Empty means 32Mi.", (v, size) => v.MaxRequestBodySize = size),
        FlagOf.Quantity(
            "--max-held-bytes",
            "Memory held for requests and responses that are not whole yet; a request beyond it is refused with 503. Empty means a quarter of the memory there is, 0 no limit.",
            (v, size) => v.Options.Gateway.MaxHeldBytes = size),
        FlagOf.Duration(
            "--body-timeout",
            TimeSpan.FromSeconds(60),
            "Longest wait for the next piece of a request's body; ten times that for all of it. Then the request is refused with 503.",
            (v, time) => v.Options.Gateway.BodyTimeout = time),
        FlagOf.Count(
            "--max-streams",
            GatewayOptions.DefaultMaxStreams,
            "ext_proc streams of the process at once; one more is refused with 503. 0 means no limit.",
            (v, count) => v.Options.Gateway.MaxStreams = count),
        FlagOf.Count(
            "--max-connections",
            GatewayOptions.DefaultMaxConnections,
            "Connections of the ext_proc ports at once; one more is closed. 0 means no limit.",
            (v, count) => v.Options.Gateway.MaxConnections = count),
        FlagOf.Bool(
            "--ha-enable-leader-election",
            false,
            "Answer gRPC health as a leader of the reference picker does: unknown services are told to be. Every replica serves, and is a leader.",
            (v, on) => v.Options.Gateway.LeaderElection = on),
        FlagOf.Duration("--drain-timeout", TimeSpan.FromSeconds(30), "Time from SIGTERM until the last stream is ended; 0 ends all at once.", (v, time) => v.Options.Gateway.DrainTimeout = time),
        FlagOf.Duration(
            "--metrics-staleness-threshold",
            TimeSpan.FromSeconds(2),
            "Age from which a model server's figures count as stale.",
            (v, time) => v.Options.Gateway.MetricsStalenessThreshold = time),
        FlagOf.Bool("--disable-endpoint-subset-filter", false, "Ignore the proxy's subset of candidates.", (v, on) => v.Options.Gateway.DisableEndpointSubsetFilter = on),
        FlagOf.Bool("--emit-endpoint-scores", false, "Tell the proxy every candidate's score.", (v, on) => v.Options.Gateway.EmitEndpointScores = on),
    ];

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string? SetTlsVersion(TlsSettings tls, string text)
    {
        var versions = TlsFlagValues.VersionsFrom(text);
        tls.Versions = versions ?? tls.Versions;
        return versions is null ? $"\"{text}\" is none of VersionTLS10, VersionTLS11, VersionTLS12, VersionTLS13" : null;
    }

    private static string? SetCipherSuites(TlsSettings tls, string text)
    {
        if (!TlsFlagValues.TryParseSuites(text, out var suites, out var unknown))
        {
            return $"\"{unknown}\" is no cipher suite (such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)";
        }

        tls.CipherSuites = suites;
        return !suites.IsEmpty && OperatingSystem.IsWindows() ? "the system's settings name the cipher suites on Windows" : null;
    }

    private static void SetNamespace(GatewayOptions options, string text)
    {
        if (text.Length > 0)
        {
            options.PoolNamespace = text;
        }
    }

    private static string? AddAssembly(GatewayOptions options, string path)
    {
        if (path.Length > 0)
        {
            options.PluginAssemblies = options.PluginAssemblies.Add(path);
        }

        return null;
    }

    private static string? AddListen(GatewayOptions options, string text)
    {
        var equals = text.LastIndexOf('=');
        var pool = equals < 0 ? [] : text[..equals].Split('/');
        if (pool.Length != 2 || pool[0].Length == 0 || pool[1].Length == 0 || FlagOf.ParsePort(text[(equals + 1)..]) is not { } port || port == 0)
        {
            return $"\"{text}\" is not NAMESPACE/POOL=PORT";
        }

        return options.Listen.TryAdd(text[..equals], port) ? null : $"{text[..equals]} is given two ports";
    }
}
