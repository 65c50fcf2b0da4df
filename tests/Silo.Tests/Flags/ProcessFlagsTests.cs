using Microsoft.Extensions.Logging;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Hosting.Flags;

namespace Orleans.Inference.Silo.Tests.Flags;

public sealed class ProcessFlagsTests
{
    [Fact]
    public void Parse_NoFlags_GivesTheReferencesDefaults()
    {
        var options = Accept();

        Assert.Equal(9002, options.Gateway.GrpcPort);
        Assert.Equal(9003, options.Gateway.HealthPort);
        Assert.Equal(9090, options.Operator.MetricsPort);
        Assert.Equal(9080, options.Operator.DashboardPort);
        Assert.Equal("default", options.Gateway.PoolNamespace);
        Assert.Equal("inference.networking.k8s.io", options.Gateway.PoolGroup);
        Assert.Null(options.Gateway.PoolName);
        Assert.Null(options.Gateway.CertPath);
        Assert.True(options.Gateway.SecureServing);
        Assert.False(options.Gateway.HealthChecking);
        Assert.False(options.Gateway.EnableCertReload);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Gateway.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(2), options.Gateway.MetricsStalenessThreshold);
        Assert.Equal(4 * 1024 * 1024, options.Gateway.MaxReceiveMessageSize);
        Assert.Equal(TimeSpan.FromMilliseconds(50), options.RefreshMetricsInterval);
        Assert.True(options.FilteredScrape);
        Assert.True(options.CohostGateway);
        Assert.Equal(LogLevel.Information, options.Operator.LogLevel);
        Assert.Equal(ClusteringKind.Localhost, options.Cluster.Clustering);
    }

    /// <summary>Every flag's default, written out, must be taken and change nothing, but for the flags that are refused: it is what the help and the documentation promise.</summary>
    [Fact]
    public void Parse_EveryDefaultWrittenOut_GivesTheDefaults()
    {
        var args = ProcessFlags.All.Except(RefusedFlags.All).Where(flag => flag.Default.Length > 0).Select(flag => $"{flag.Name}={flag.Default}").ToArray();

        var options = Accept(args);

        Assert.Equivalent(Accept(), options, strict: true);
        Assert.True(args.Length > 30);
    }

    [Theory]
    [InlineData("--grpc-port")]
    [InlineData("--ha-enable-leader-election")]
    [InlineData("--drain-timeout")]
    [InlineData("--grpc-max-recv-msg-size")]
    [InlineData("--grpc-max-send-msg-size")]
    [InlineData("--pool-group")]
    [InlineData("--pool-namespace")]
    [InlineData("--pool-name")]
    [InlineData("--endpoint-selector")]
    [InlineData("--endpoint-target-ports")]
    [InlineData("--disable-endpoint-subset-filter")]
    [InlineData("--emit-endpoint-scores")]
    [InlineData("--refresh-metrics-interval")]
    [InlineData("--refresh-prometheus-metrics-interval")]
    [InlineData("--metrics-staleness-threshold")]
    [InlineData("--total-queued-requests-metric")]
    [InlineData("--total-running-requests-metric")]
    [InlineData("--kv-cache-usage-percentage-metric")]
    [InlineData("--lora-info-metric")]
    [InlineData("--cache-info-metric")]
    [InlineData("--model-server-metrics-scheme")]
    [InlineData("--model-server-metrics-path")]
    [InlineData("--model-server-metrics-port")]
    [InlineData("--model-server-metrics-https-insecure-skip-verify")]
    [InlineData("--v")]
    [InlineData("--zap-devel")]
    [InlineData("--zap-encoder")]
    [InlineData("--zap-log-level")]
    [InlineData("--zap-stacktrace-level")]
    [InlineData("--zap-time-encoding")]
    [InlineData("--tracing")]
    [InlineData("--health-checking")]
    [InlineData("--metrics-port")]
    [InlineData("--grpc-health-port")]
    [InlineData("--enable-pprof")]
    [InlineData("--cert-path")]
    [InlineData("--enable-cert-reload")]
    [InlineData("--enable-grpc-stream-metrics")]
    [InlineData("--secure-serving")]
    [InlineData("--tls-min-version")]
    [InlineData("--tls-cipher-suites")]
    [InlineData("--metrics-endpoint-auth")]
    [InlineData("--metrics-client-ca-file")]
    [InlineData("--metrics-cert-dir")]
    [InlineData("--config-file")]
    [InlineData("--config-text")]
    [InlineData("--allow-experimental-plugins")]
    [InlineData("--manifests")]
    [InlineData("--dashboard-port")]
    [InlineData("--gateway")]
    [InlineData("--clustering")]
    [InlineData("--cluster-id")]
    [InlineData("--service-id")]
    [InlineData("--silo-port")]
    [InlineData("--orleans-gateway-port")]
    [InlineData("--redis")]
    [InlineData("--reserve-deadline")]
    [InlineData("--listen")]
    [InlineData("--filtered-scrape")]
    [InlineData("--max-streams")]
    [InlineData("--max-held-bytes")]
    [InlineData("--max-connections")]
    public void Parse_FlagOfTheOutsideInterface_IsKnownInBothForms(string name)
    {
        var value = SampleOf(ProcessFlags.All.Single(flag => flag.Name == name));

        Assert.DoesNotContain(Read($"{name}={value}").Faults, fault => fault.Contains("is no flag", StringComparison.Ordinal) || fault.StartsWith(name + ":", StringComparison.Ordinal));
        Assert.DoesNotContain(Read(name, value).Faults, fault => fault.Contains("is no flag", StringComparison.Ordinal) || fault.StartsWith(name + ":", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_ArgumentsOfAReferenceDeployment_AreTaken()
    {
        var outcome = Read("--pool-name", "vllm-pool", "--pool-namespace=models", "--v=4", "--zap-encoder", "json", "--grpc-port", "9102", "--config-file", "/config/default-plugins.yaml", "--secure-serving=false", "--metrics-endpoint-auth=false", "--tracing=false");

        var options = Assert.IsType<ProcessOptions>(outcome.Options);
        Assert.Equal("vllm-pool", options.Gateway.PoolName);
        Assert.Equal("models", options.Gateway.PoolNamespace);
        Assert.Equal(9102, options.Gateway.GrpcPort);
        Assert.False(options.Gateway.SecureServing);
        Assert.False(options.Operator.MetricsEndpointAuth);
        Assert.True(options.Operator.JsonLog);
        Assert.Equal(LogLevel.Debug, options.Operator.LogLevel);
        Assert.Equal("/config/default-plugins.yaml", options.Gateway.ConfigFile);
        Assert.Empty(outcome.Warnings);
    }

    /// <summary>The arguments of the reference picker's charts before version 1.</summary>
    [Fact]
    public void Parse_ArgumentsOfAnOldReferenceDeployment_AreTaken()
    {
        var outcome = Read(
            "-poolName", "vllm-pool", "-poolNamespace=models", "--v", "3", "--grpcPort", "9102", "-grpcHealthPort", "9103", "-metricsPort", "9190", "-configFile", "config/default-plugins.yaml",
            "--enablePprof=false", "--modelServerMetricsPath=/prom", "--modelServerMetricsScheme=https", "--modelServerMetricsHttpsInsecureSkipVerify=false", "-secureServing=false", "-healthChecking",
            "-certPath", "/certs", "-refreshMetricsInterval", "100ms", "-refreshPrometheusMetricsInterval=1s", "--zap-encoder", "json", "-zap-log-level=error",
            "--destinationEndpointHintKey", "x-gateway-destination-endpoint", "-DestinationEndpointHintMetadataNamespace=envoy.lb");

        var options = Assert.IsType<ProcessOptions>(outcome.Options);
        var gateway = options.Gateway;
        Assert.Equal(("vllm-pool", "models", 9102, 9103, "config/default-plugins.yaml", "/certs"), (gateway.PoolName, gateway.PoolNamespace, gateway.GrpcPort, gateway.HealthPort, gateway.ConfigFile, gateway.CertPath));
        Assert.True(gateway is { SecureServing: false, HealthChecking: true });
        Assert.True(options is { ModelServerMetricsPath: "/prom", ModelServerMetricsHttps: true, ModelServerMetricsInsecureSkipVerify: false });
        Assert.True(options.Operator is { MetricsPort: 9190, EnablePprof: false, JsonLog: true, LogLevel: LogLevel.Error });
        Assert.Equal((TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)), (options.RefreshMetricsInterval, options.Operator.RefreshPrometheusMetricsInterval));
        Assert.Empty(outcome.Warnings);
    }

    [Fact]
    public void Parse_OldFlagWithoutACounterpart_IsAWarning() => Assert.Equal(
        ["accepted, but without a function in this version: --destination-endpoint-hint-key"],
        Read("-destinationEndpointHintKey=target-pod").Warnings);

    [Theory]
    [InlineData("-pool-name=x")]
    [InlineData("-pool-name", "x")]
    [InlineData("--poolName=x")]
    [InlineData("--PoolName", "x")]
    [InlineData("--pool-name", "-poolName", "-poolName", "x")]
    public void Parse_AnySpelling_IsTheFlag(params string[] args) => Assert.Equal("x", Accept(args).Gateway.PoolName);

    [Fact]
    public void Parse_ValueInCamelCase_StaysAsItIs()
    {
        var options = Accept("-poolName", "myPool", "-configText=a=bC", "-certPath=-someDir").Gateway;

        Assert.Equal(("myPool", "a=bC", "-someDir"), (options.PoolName, options.ConfigText, options.CertPath));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-help")]
    [InlineData("-h")]
    [InlineData("-?")]
    [InlineData("--version")]
    [InlineData("-version")]
    public void Parse_HelpOrVersion_IsAText(string arg) => Assert.NotEmpty(Read(arg).Text ?? "");

    [Theory]
    [InlineData(false, "--secure-serving=false")]
    [InlineData(false, "-secureServing=false")]
    [InlineData(true, "-secureServing")]
    [InlineData(false, "--secure-serving=F")]
    [InlineData(false, "--secure-serving", "--secure-serving=0")]
    [InlineData(true, "--secure-serving")]
    [InlineData(true, "--secure-serving=false", "--secure-serving=true")]
    [InlineData(true, "--secure-serving", "--tracing=false")]
    public void Parse_BooleanFlag_IsReadAsGoReadsIt(bool expected, params string[] args) =>
        Assert.Equal(expected, Accept(args).Gateway.SecureServing);

    [Theory]
    [InlineData(LogLevel.Trace, "-v", "5")]
    [InlineData(LogLevel.Trace, "-v=5")]
    [InlineData(LogLevel.Trace, "-v5")]
    [InlineData(LogLevel.Trace, "--v=5")]
    [InlineData(LogLevel.Debug, "--v", "3")]
    [InlineData(LogLevel.Information, "-v=0")]
    [InlineData(LogLevel.Warning, "-v=-1")]
    [InlineData(LogLevel.Error, "-v=5", "--zap-log-level=error")]
    public void Parse_Verbosity_SetsTheLogLevel(LogLevel expected, params string[] args) =>
        Assert.Equal(expected, Accept(args).Operator.LogLevel);

    [Fact]
    public void Parse_FlagGivenTwice_LastCounts() => Assert.Equal(9004, Accept("--grpc-port=9003", "--grpc-port", "9004", "--grpc-health-port=9005").Gateway.GrpcPort);

    [Fact]
    public void Parse_ValueThatLooksLikeAFlag_IsAValue()
    {
        var options = Accept("--pool-name", "--grpc-port", "--cert-path", "@file");

        Assert.Equal("--grpc-port", options.Gateway.PoolName);
        Assert.Equal("@file", options.Gateway.CertPath);
    }

    [Fact]
    public void Parse_EmptyValues_MeanNothing()
    {
        var options = Accept("--pool-name=", "--cert-path", "", "--config-file=", "--grpc-max-recv-msg-size=", "--endpoint-selector=");

        Assert.Null(options.Gateway.PoolName);
        Assert.Null(options.Gateway.CertPath);
        Assert.Null(options.Gateway.ConfigFile);
        Assert.Null(options.Discovery.EndpointSelector);
    }

    [Fact]
    public void Parse_NamespaceOfTheEnvironment_CountsUnlessTheFlagIsSet()
    {
        static string? Environment(string name) => name == "NAMESPACE" ? "prod" : null;

        Assert.Equal("prod", ProcessFlags.Parse("", [], Environment).Options!.Gateway.PoolNamespace);
        Assert.Equal("test", ProcessFlags.Parse("", ["--pool-namespace=test"], Environment).Options!.Gateway.PoolNamespace);
    }

    [Fact]
    public void Parse_Configuration_IsTakenAsItIs()
    {
        var options = Accept("--config-text", "kind: EndpointPickerConfig\n", "--allow-experimental-plugins", "--plugin-assembly=a.dll", "--plugin-assembly", "b.dll").Gateway;

        Assert.Equal("kind: EndpointPickerConfig\n", options.ConfigText);
        Assert.True(options.AllowExperimentalPlugins);
        Assert.Equal(["a.dll", "b.dll"], options.PluginAssemblies.ToArray());
    }

    [Fact]
    public void Parse_Listen_IsRepeatable()
    {
        var options = Accept("--listen", "a/p=9100", "--listen=b/q=9101");

        Assert.Equal(new Dictionary<string, int> { ["a/p"] = 9100, ["b/q"] = 9101 }, options.Gateway.Listen);
    }

    [Fact]
    public void Parse_Standalone_TakesLabelsPortsAndTheDeploymentsName()
    {
        var outcome = ProcessFlags.Parse("", ["--endpoint-selector", "app=vllm, tier==gold", "--endpoint-target-ports=8000,8001,8000"], name => name == "POD_NAME" ? "my-epp-5d9c7b-x2x4z" : null);

        var discovery = outcome.Options!.Discovery;
        Assert.Equal("app=vllm,tier=gold", discovery.EndpointSelector!.ToString());
        Assert.Equal([8000, 8001], discovery.EndpointTargetPorts.ToArray());
        Assert.Equal("my-epp", discovery.StandalonePoolName);
    }

    [Fact]
    public void Parse_SeveralFaults_AreAllReported()
    {
        var outcome = Read("--grpc-port=70000", "--drain-timeout=soon", "--no-such-flag", "--secure-serving=maybe", "--config-file=a", "--config-text=b");

        Assert.Null(outcome.Options);
        Assert.Equal(
        [
            "--no-such-flag is no flag",
            "--grpc-port: \"70000\" is no port (0 to 65535)",
            "--secure-serving: \"maybe\" is neither true nor false",
            "--drain-timeout: \"soon\" is no duration (such as 50ms, 1m30s, 2s)",
            "--config-file and --config-text: only one of the two can be set",
        ],
        outcome.Faults);
    }

    [Theory]
    [InlineData("either pool-name or endpoint-selector must be set", "--pool-name=p", "--endpoint-selector=app=x", "--endpoint-target-ports=8000")]
    [InlineData("--endpoint-target-ports: with --endpoint-selector 1 to 8 ports must be set, not 0", "--endpoint-selector=app=x")]
    [InlineData("1 to 8 ports must be set, not 9", "--endpoint-selector=app=x", "--endpoint-target-ports=1,2,3,4,5,6,7,8,9")]
    [InlineData("--endpoint-target-ports: \"70000\" is no port (1 to 65535)", "--endpoint-selector=app=x", "--endpoint-target-ports=70000")]
    [InlineData("--endpoint-selector: \"app on (x)\" is no requirement of a label selector", "--endpoint-selector=app on (x)", "--endpoint-target-ports=8000")]
    [InlineData("--metrics-client-ca-file needs --metrics-cert-dir", "--metrics-client-ca-file=ca.crt")]
    [InlineData("--metrics-cert-dir needs --metrics-endpoint-auth or", "--metrics-cert-dir=certs", "--metrics-endpoint-auth=false")]
    [InlineData("flag \"lora-info-metric\" is deprecated and cannot be used; configure metrics via engineConfigs", "--lora-info-metric=mine")]
    [InlineData("flag \"lora-info-metric\" is deprecated and cannot be used; configure metrics via engineConfigs", "--lora-info-metric", "vllm:lora_requests_info")]
    [InlineData("flag \"cache-info-metric\" is deprecated and cannot be used; configure metrics via engineConfigs", "--cache-info-metric=vllm:cache_config_info")]
    [InlineData("flag \"total-queued-requests-metric\" is deprecated and cannot be used; configure metrics via engineConfigs", "--total-queued-requests-metric=vllm:num_requests_waiting")]
    [InlineData("flag \"total-running-requests-metric\" is deprecated and cannot be used; configure metrics via engineConfigs", "--total-running-requests-metric=vllm:num_requests_running")]
    [InlineData("flag \"kv-cache-usage-percentage-metric\" is deprecated and cannot be used; configure metrics via engineConfigs", "--kv-cache-usage-percentage-metric=")]
    [InlineData("--grpc-max-recv-msg-size: must be 0 to", "--grpc-max-recv-msg-size=-1")]
    [InlineData("--grpc-max-send-msg-size: must not be negative", "--grpc-max-send-msg-size", "-5Mi")]
    [InlineData("--max-held-bytes: must not be negative", "--max-held-bytes=-5Mi")]
    [InlineData("--grpc-max-recv-msg-size: \"much\" is no size", "--grpc-max-recv-msg-size=much")]
    [InlineData("--grpc-max-recv-msg-size: \"4m\" is 0.004 bytes (m is a thousandth); write 4Mi or 4M", "--grpc-max-recv-msg-size=4m")]
    [InlineData("--grpc-max-send-msg-size: \"1.5mb\" is 0.002 bytes (m is a thousandth); write 1.5Mi or 1.5M", "--grpc-max-send-msg-size=1.5mb")]
    [InlineData("--max-request-body-size: \"1000m\" is 1 bytes (m is a thousandth)", "--max-request-body-size=1000m")]
    [InlineData("--max-held-bytes: \"1023\" is less than 1Ki", "--max-held-bytes", "1023")]
    [InlineData("--max-request-body-size: must be at least 1Ki", "--max-request-body-size=0")]
    [InlineData("--grpc-port and --metrics-port are the same port, 9090", "--grpc-port=9090")]
    [InlineData("--dashboard-port and --listen a/b are the same port, 9080", "--listen=a/b=9080")]
    [InlineData("--listen: \"pool=9100\" is not NAMESPACE/POOL=PORT", "--listen=pool=9100")]
    [InlineData("--listen: a/b is given two ports", "--listen=a/b=9100", "--listen=a/b=9101")]
    [InlineData("--clustering: redis is not available in this version", "--clustering=redis")]
    [InlineData("--clustering: \"etcd\" is none of localhost, redis, kubernetes", "--clustering=etcd")]
    [InlineData("--filtered-scrape: \"always\" is neither auto nor never", "--filtered-scrape=always")]
    [InlineData("--refresh-metrics-interval: \"-1s\" is negative", "--refresh-metrics-interval=-1s")]
    [InlineData("--max-streams: \"-1\" is negative", "--max-streams=-1")]
    [InlineData("--max-connections: \"many\" is no whole number", "--max-connections=many")]
    [InlineData("--tls-min-version: \"1.2\" is none of VersionTLS10, VersionTLS11, VersionTLS12, VersionTLS13", "--tls-min-version=1.2")]
    [InlineData("--tls-cipher-suites: \"AES\" is no cipher suite", "--tls-cipher-suites=TLS_AES_128_GCM_SHA256,AES")]
    [InlineData("--refresh-prometheus-metrics-interval: must be more than 0", "--refresh-prometheus-metrics-interval=0s")]
    [InlineData("--model-server-metrics-scheme: \"ftp\" is neither http nor https", "--model-server-metrics-scheme=ftp")]
    [InlineData("--model-server-metrics-path: \"metrics\" is no path", "--model-server-metrics-path=metrics")]
    [InlineData("--model-server-metrics-path: \"/a b\" is no path", "--model-server-metrics-path=/a b")]
    [InlineData("'stray'", "stray")]
    [InlineData("--pool-name needs a value", "--pool-name")]
    [InlineData("--pool-name needs a value", "-poolName")]
    [InlineData("--pool-nam is no flag; did you mean --pool-name?", "--pool-nam", "x")]
    [InlineData("-poolname is no flag; did you mean --pool-name?", "-poolname=x")]
    [InlineData("--grpcHealtPort is no flag; did you mean --grpc-health-port?", "--grpcHealtPort", "9003")]
    [InlineData("--tracng is no flag; did you mean --tracing?", "--tracng=false", "--health-checking")]
    [InlineData("-vv is no flag", "-vv")]
    [InlineData("--5 is no flag", "--5")]
    [InlineData("'--pool-name=x'", "--", "-poolName=x")]
    [InlineData("'-'", "-")]
    [InlineData("flag \"total-queued-requests-metric\" is deprecated", "-totalQueuedRequestsMetric", "nv_trt_llm_request_metrics{request_type=waiting}")]
    [InlineData("--grpc-port: \"\" is no port", "--grpc-port=")]
    public void Parse_Fault_IsRefused(string fault, params string[] args)
    {
        var outcome = Read(args);

        Assert.Null(outcome.Options);
        Assert.Contains(fault, Assert.Single(outcome.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_IntervalBelowTheLeast_IsClampedWithAWarning()
    {
        var outcome = Read("--refresh-metrics-interval=10ms");

        Assert.Equal(TimeSpan.FromMilliseconds(50), outcome.Options!.RefreshMetricsInterval);
        Assert.Equal(["--refresh-metrics-interval: 10ms is less than the least, 50ms, which is taken"], outcome.Warnings);
    }

    [Fact]
    public void Parse_MessageSize_IsAQuantity()
    {
        Assert.Equal(16 * 1024 * 1024, Accept("--grpc-max-recv-msg-size=16MiB").Gateway.MaxReceiveMessageSize);
        Assert.Equal(64 * 1024, Accept("--grpc-max-send-msg-size=64Ki").Gateway.MaxSendMessageSize);
        Assert.Equal(1024, Accept("--grpc-max-recv-msg-size=1Ki").Gateway.MaxReceiveMessageSize);
        Assert.Equal(int.MaxValue, Accept("--grpc-max-send-msg-size=64Gi").Gateway.MaxSendMessageSize);
        Assert.Equal(int.MaxValue, Accept("--grpc-max-send-msg-size=0").Gateway.MaxSendMessageSize);
    }

    [Fact]
    public void Parse_FlagsOfTheProcess_AreTaken()
    {
        var options = Accept(
            "--ha-enable-leader-election", "--disable-endpoint-subset-filter", "--emit-endpoint-scores", "--enable-grpc-stream-metrics", "--max-streams=7", "--max-connections=8", "--max-held-bytes=9Mi",
            "--tls-min-version=VersionTLS13", "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "--refresh-prometheus-metrics-interval=1s", "--enable-pprof=false",
            "--metrics-cert-dir=certs", "--metrics-client-ca-file=ca.crt", "--model-server-metrics-path=/prom", "--model-server-metrics-port=8080");

        var gateway = options.Gateway;
        Assert.True(gateway is { LeaderElection: true, DisableEndpointSubsetFilter: true, EmitEndpointScores: true, GrpcStreamMetrics: true, MaxStreams: 7, MaxConnections: 8, MaxHeldBytes: 9 * 1024 * 1024 });
        Assert.Equal(System.Security.Authentication.SslProtocols.Tls13, gateway.Tls.Versions);
        Assert.Equal([System.Net.Security.TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256], gateway.Tls.CipherSuites.ToArray());
        Assert.Equal(TimeSpan.FromSeconds(1), options.Operator.RefreshPrometheusMetricsInterval);
        Assert.True(options.Operator is { EnablePprof: false, MetricsCertDir: "certs", MetricsClientCaFile: "ca.crt" });
        Assert.True(options is { ModelServerMetricsPath: "/prom", ModelServerMetricsPort: 8080 });
    }

    [Fact]
    public void Parse_SeveralFlagsWithoutAFunction_AreOneWarning() =>
        Assert.Equal(
            ["accepted, but without a function in this version: --reserve-deadline, --zap-time-encoding"],
            Read("--zap-time-encoding=iso8601", "--reserve-deadline=1ms", "--enable-pprof=false").Warnings);

    [Fact]
    public void Parse_Help_ListsEveryFlagWithItsDefault()
    {
        var outcome = Read("--help");

        Assert.Null(outcome.Options);
        Assert.Empty(outcome.Faults);
        Assert.All(ProcessFlags.All, flag => Assert.Contains(flag.Name, outcome.Text, StringComparison.Ordinal));
        Assert.Contains("[default: 9002]", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("[default: 50ms]", outcome.Text, StringComparison.Ordinal);
    }

    private static string SampleOf(Flag flag) => flag.Name switch
    {
        "--listen" => "a/b=1234",
        "--endpoint-selector" => "a=b",
        "--endpoint-target-ports" => "8000",
        "--zap-encoder" => "json",
        "--zap-log-level" => "info",
        "--tls-min-version" => "VersionTLS12",
        "--tls-cipher-suites" => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "--grpc-max-recv-msg-size" or "--grpc-max-send-msg-size" or "--max-held-bytes" => "4Mi",
        _ => flag.Default.Length > 0 ? flag.Default : "text",
    };

    private static ProcessOptions Accept(params string[] args)
    {
        var outcome = Read(args);
        Assert.Empty(outcome.Faults);
        return Assert.IsType<ProcessOptions>(outcome.Options);
    }

    private static FlagOutcome Read(params string[] args) => ProcessFlags.Parse("description", args, _ => null);
}
