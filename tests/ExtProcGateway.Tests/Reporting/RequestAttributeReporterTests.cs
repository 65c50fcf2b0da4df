using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Tests.Protocol;
using Orleans.Inference.Picking.Configuration;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace Orleans.Inference.ExtProcGateway.Tests.Reporting;

public sealed class RequestAttributeReporterTests : IDisposable
{
    private const string Cost = "{key: {name: cost}, expression: usage.prompt_tokens + 4 * usage.completion_tokens}";
    private const string Answer = """{"id":"1","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""";

    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000");

    public void Dispose() => _fixture.Dispose();

    private static string Plugins(params string[] attributes) =>
        $"plugins: [{string.Join(", ", attributes.Select((attribute, i) => $"{{type: request-attribute-reporter, name: r{i}, parameters: {{attributes: [{attribute}]}}}}"))}]\n";

    private static IReadOnlyList<string> Faults(string attributes) => ConfigurationLoader.Load(
        "c.yaml",
        $"apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins: [{{type: request-attribute-reporter, parameters: {{attributes: [{attributes}]}}}}]\n",
        GatewayPlugins.CreateRegistry(),
        new ConfigurationLoadOptions()).Faults;

    private void Request(BodySendMode mode = BodySendMode.FullDuplexStreamed, string contentType = "application/json", string body = """{"model":"m","prompt":"hello"}""")
    {
        _fixture.Send(Headers(mode: mode));
        _fixture.Send(Body(body));
        var message = new ProcessingRequest { ResponseHeaders = new HttpHeaders { Headers = new HeaderMap() } };
        message.ResponseHeaders.Headers.Headers.Add(new HeaderValue { Key = "content-type", RawValue = ByteString.CopyFromUtf8(contentType) });
        _fixture.Send(message);
        _fixture.Answers.Clear();
    }

    private void Respond(string text, bool end = false) => _fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8(text), EndOfStream = end } });

    private double? Told(string name = "cost", string space = "envoy.lb") =>
        _fixture.Answers[^1].DynamicMetadata?.Fields.GetValueOrDefault(space)?.StructValue.Fields.GetValueOrDefault(name)?.NumberValue;

    [Fact]
    public void WholeResponse_CarriesTheFigureInItsOneAnswer()
    {
        _fixture.Configure(Plugins(Cost));
        Request();
        Respond(Answer, end: true);

        // 10 + 4 * 5
        Assert.Single(_fixture.Answers);
        Assert.Equal(30, Told());
        Assert.Equal(Answer, Answers.Streamed(_fixture.Answers[0]).Body.ToStringUtf8());
    }

    [Fact]
    public void StreamedResponse_CarriesTheFigureInItsLastAnswerOnly()
    {
        _fixture.Configure(Plugins(Cost));
        Request(contentType: "text/event-stream", body: """{"model":"m","prompt":"hello","stream":true}""");
        Respond("data: {\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}\n\n");
        Assert.Null(Told());

        Respond("data: [DONE]\n\n", end: true);

        Assert.Equal(30, Told());
    }

    [Fact]
    public void LargeResponse_CarriesTheFigureInItsLastPieceOnly()
    {
        _fixture.Configure(Plugins(Cost));
        Request();
        Respond(Answer.Replace("\"1\"", $"\"{new string('x', 150_000)}\"", StringComparison.Ordinal), end: true);

        Assert.Equal(3, _fixture.Answers.Count);
        Assert.Equal([false, false, true], _fixture.Answers.Select(answer => answer.DynamicMetadata is not null));
        Assert.Equal(30, Told());
    }

    [Fact]
    public void StreamEndedByTrailers_CarriesTheFigureWithThem()
    {
        _fixture.Configure(Plugins(Cost));
        Request(contentType: "text/event-stream", body: """{"model":"m","prompt":"hello","stream":true}""");
        Respond("data: {\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}\n\n");
        _fixture.Send(new ProcessingRequest { ResponseTrailers = new HttpTrailers { Trailers = new HeaderMap() } });

        Assert.NotNull(_fixture.Answers[^1].ResponseTrailers);
        Assert.Equal(30, Told());
    }

    [Fact]
    public void HeldResponseEndedByTrailers_CarriesTheFigureInItsBody()
    {
        _fixture.Configure(Plugins(Cost));
        Request();
        Respond(Answer);
        _fixture.Send(new ProcessingRequest { ResponseTrailers = new HttpTrailers { Trailers = new HeaderMap() } });

        Assert.Equal([true, false], _fixture.Answers.Select(answer => answer.DynamicMetadata is not null));
    }

    [Theory]
    [InlineData(BodySendMode.Streamed)]
    [InlineData(BodySendMode.Buffered)]
    public void OtherModes_CarryTheFigureWithTheLastPiece(BodySendMode mode)
    {
        _fixture.Configure(Plugins(Cost));
        Request(mode);
        Respond(Answer, end: true);

        Assert.Equal(30, Told());
    }

    [Theory]
    [InlineData("{key: {name: cost}, expression: usage.prompt_tokens / 4}", 2)] // 2.5, cut
    [InlineData("{key: {name: cost}, expression: usage.prompt_tokens, condition: usage.completion_tokens > 4}", 10)]
    [InlineData("{key: {name: cost}, expression: usage.prompt_tokens, condition: usage.completion_tokens > 5}", null)]
    [InlineData("{key: {name: cost}, expression: usage.prompt_tokens - 10}", null)] // 0
    [InlineData("{key: {name: cost}, expression: usage.prompt_tokens / 11}", null)] // 0.9, cut to 0
    [InlineData("{key: {name: cost}, expression: 1 / 0}", null)]
    [InlineData("{key: {name: cost}, expression: usage.prompt_tokens_details.cached_tokens + 1}", null)]
    public void Figure_IsAWholeNumberOrNotTold(string attribute, int? told)
    {
        _fixture.Configure(Plugins(attribute));
        Request();
        Respond(Answer, end: true);

        Assert.Equal(told, (int?)Told());
        Assert.Equal(told is null, _fixture.Answers[^1].DynamicMetadata is null);
    }

    [Fact]
    public void SeveralReporters_AreAllTold()
    {
        _fixture.Configure(Plugins(Cost, "{key: {name: prompt}, expression: usage.prompt_tokens}", "{key: {name: all, namespace: other}, expression: usage.total_tokens}"));
        Request();
        Respond(Answer, end: true);

        Assert.Equal((30, 10, 15), (Told(), Told("prompt"), Told("all", "other")));
    }

    [Fact]
    public void NoUsage_IsNotTold()
    {
        _fixture.Configure(Plugins("{key: {name: cost}, expression: \"7\"}"));
        Request();
        Respond("""{"id":"1"}""", end: true);

        Assert.Null(_fixture.Answers[^1].DynamicMetadata);
    }

    [Theory]
    [InlineData("", "3:71: parameters.attributes must not be empty")]
    [InlineData("{expression: \"1\"}", "3:72: parameters.attributes[0].key is missing")]
    [InlineData("{key: {name: a}}", "3:72: parameters.attributes[0].expression is missing")]
    [InlineData("{key: {name: a}, expression: true}", "3:101: parameters.attributes[0].expression must be text, not the truth value true; quote it")]
    [InlineData("{key: {name: a}, expression: usage.cost}", "3:71: plugin 'request-attribute-reporter': expression:1:1: 'usage.cost' is not known: there are prompt_tokens, completion_tokens, total_tokens and prompt_tokens_details.cached_tokens")]
    [InlineData("{key: {name: a}, expression: 1 < 2}", "3:71: plugin 'request-attribute-reporter': expression:1:1: it must be a number, not a truth value")]
    [InlineData("{key: {name: a}, expression: 1 + 2, condition: usage.total_tokens}", "3:71: plugin 'request-attribute-reporter': condition:1:1: it must be a truth value, not a number")]
    [InlineData("{key: {name: a}, expression: 1 + 2}, {key: {name: b}, expression: 1 + 2}", "3:71: plugin 'request-attribute-reporter': exactly one attribute is possible, not 2; more take a plugin each")]
    public void Load_Faulty_IsToldWithItsPlace(string attributes, string fault) => Assert.Equal([$"c.yaml:{fault}"], Faults(attributes));
}
