using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using Orleans.Inference.ExtProcGateway.Tracing;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

public sealed class OtlpTargetTests
{
    private readonly List<string> _warnings = [];

    private static IConfiguration Variables(string variables) => new ConfigurationBuilder().AddInMemoryCollection(
        variables.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(text => KeyValuePair.Create("OTEL_EXPORTER_OTLP_" + text[..text.IndexOf('=')], (string?)text[(text.IndexOf('=') + 1)..]))).Build();

    private OtlpTarget? Read(string variables) => OtlpTarget.From(Variables(variables), _warnings);

    [Theory]
    [InlineData("", "http://localhost:4317/")]
    [InlineData("PROTOCOL=http/protobuf", "http://localhost:4318/v1/traces")]
    [InlineData("ENDPOINT=https://c;PROTOCOL=http/protobuf", "https://c/v1/traces")]
    [InlineData("ENDPOINT=http://c:1/x?a=b;PROTOCOL=http/protobuf", "http://c:1/x/v1/traces?a=b")]
    [InlineData("ENDPOINT= http://c:1 ", "http://c:1/")]
    [InlineData("ENDPOINT=http://c:1;TRACES_ENDPOINT=http://d:2", "http://d:2/")]
    [InlineData("ENDPOINT=http://c:1;TRACES_ENDPOINT=", "http://c:1/")]
    [InlineData("ENDPOINT=nonsense;TRACES_ENDPOINT=http://d:2", "http://d:2/")]
    [InlineData("TRACES_ENDPOINT=http://d:2/y;PROTOCOL=http/protobuf", "http://d:2/y")]
    public void From_Endpoint_IsThatForTracesOrTheBase(string variables, string expected)
    {
        Assert.Equal(expected, Read(variables)?.Endpoint.AbsoluteUri);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("ENDPOINT=c:4317", "OTEL_EXPORTER_OTLP_ENDPOINT: \"c:4317\"")]
    [InlineData("ENDPOINT=127.0.0.1:4317", "OTEL_EXPORTER_OTLP_ENDPOINT: \"127.0.0.1:4317\"")]
    [InlineData("ENDPOINT=ftp://c", "OTEL_EXPORTER_OTLP_ENDPOINT: \"ftp://c\"")]
    [InlineData("ENDPOINT=http://c:1;TRACES_ENDPOINT=//d", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: \"//d\"")]
    public void From_EndpointThatIsNoUrl_IsNoTarget(string variables, string warning)
    {
        Assert.Null(Read(variables));
        Assert.StartsWith(warning, Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void From_OtherVariables_AreThoseForTracesWhereThereAreAny()
    {
        var target = Read("HEADERS=a=1, b = 2,A=3;TIMEOUT=5;TRACES_TIMEOUT=7;COMPRESSION=none;TRACES_COMPRESSION=gzip")!;
        var options = new OtlpExporterOptions();
        target.Apply(options);

        Assert.Equal(("a=3,b=2", 7, OtlpExportCompression.GZip), (options.Headers, options.TimeoutMilliseconds, options.Compression));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("PROTOCOL=http/json")]
    [InlineData("TRACES_PROTOCOL=HTTP")]
    [InlineData("TIMEOUT=10s")]
    [InlineData("TRACES_TIMEOUT=-1")]
    [InlineData("TIMEOUT=0")]
    [InlineData("COMPRESSION=zip")]
    [InlineData("TRACES_HEADERS=secret")]
    [InlineData("HEADERS==secret")]
    [InlineData("HEADERS=the name=secret")]
    public void From_VariableThatIsWrong_IsToldWithoutSecretsAndReplaced(string variable)
    {
        var target = Read(variable)!;

        Assert.StartsWith($"OTEL_EXPORTER_OTLP_{variable.Split('=')[0]}: ", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _warnings[0], StringComparison.Ordinal);
        Assert.Equal(Read(""), target);
    }

    [Fact]
    public void Without_Variables_LeavesThoseOfOthersAndTheCertificates()
    {
        var rest = OtlpTarget.Without(new ConfigurationBuilder().AddConfiguration(Variables("ENDPOINT=http://c;CERTIFICATE=ca;TRACES_CERTIFICATE=ca-of-traces;CLIENT_KEY=key")).AddInMemoryCollection([new("OTEL_BSP_SCHEDULE_DELAY", "1")]).Build());

        Assert.Equal(
            ["OTEL_BSP_SCHEDULE_DELAY=1", "OTEL_EXPORTER_OTLP_CERTIFICATE=ca-of-traces", "OTEL_EXPORTER_OTLP_CLIENT_KEY=key"],
            rest.AsEnumerable().Where(variable => variable.Value is not null).Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ToString_Endpoint_HidesThePassword() => Assert.Equal("http://c:1/x", Read("TRACES_ENDPOINT=http://user:pass@c:1/x?key=1")!.ToString());
}
