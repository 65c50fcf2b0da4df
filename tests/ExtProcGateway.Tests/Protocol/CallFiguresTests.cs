using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Grpc;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>What the calls tell the metrics page.</summary>
public sealed class CallFiguresTests : IDisposable
{
    private const string Labels = "model_name=\"m\",target_model_name=\"t\",fairness_id=\"f\",priority=\"0\"";

    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000");

    public void Dispose() => _fixture.Dispose();

    private async Task<string> PageAsync()
    {
        using var page = new MemoryStream();
        await _fixture.Registry.CollectAndExportAsTextAsync(page);
        return Encoding.UTF8.GetString(page.ToArray());
    }

    private void Send(string body, string status = "200", params (string Text, double Seconds)[] pieces)
    {
        _fixture.Send(Headers(more: [("x-llm-d-model-name-rewrite", "t"), ("x-llm-d-inference-fairness-id", "f")]));
        _fixture.Send(Body(body));
        var headers = new HttpHeaders { Headers = new HeaderMap() };
        headers.Headers.Headers.Add(new HeaderValue { Key = ":status", RawValue = ByteString.CopyFromUtf8(status) });
        _fixture.Send(new ProcessingRequest { ResponseHeaders = headers });
        foreach (var (text, seconds) in pieces)
        {
            _fixture.Time.Advance(TimeSpan.FromSeconds(seconds));
            _fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8(text) } });
        }
    }

    private void End() => _fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { EndOfStream = true } });

    /// <summary>The response's type decides how it is read, not what was asked for; without a type what was asked for does.</summary>
    [Theory]
    [InlineData(true, "application/json", false)]
    [InlineData(true, "text/plain", false)]
    [InlineData(true, "text/event-stream", true)]
    [InlineData(true, "", true)]
    [InlineData(false, "text/event-stream; charset=utf-8", true)]
    [InlineData(false, "application/json", false)]
    [InlineData(false, "", false)]
    public async Task Response_IsReadAsItsTypeSays(bool asksForStream, string contentType, bool isStream)
    {
        const string Usage = """{"usage":{"prompt_tokens":7,"completion_tokens":4}}""";
        _fixture.Send(Headers(more: [("x-llm-d-model-name-rewrite", "t"), ("x-llm-d-inference-fairness-id", "f")]));
        _fixture.Send(Body($$"""{"model":"m","prompt":"hello","stream":{{(asksForStream ? "true" : "false")}}}"""));
        var headers = new HttpHeaders { Headers = new HeaderMap() };
        headers.Headers.Headers.Add(new HeaderValue { Key = "content-type", RawValue = ByteString.CopyFromUtf8(contentType) });
        _fixture.Send(new ProcessingRequest { ResponseHeaders = headers });
        foreach (var piece in (isStream ? "data: " + Usage + "\n\n" : Usage).Chunk(10))
        {
            _fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = ByteString.CopyFromUtf8(new string(piece)) } });
        }

        End();

        var page = await PageAsync();
        Assert.Contains($"llm_d_epp_request_input_tokens_sum{{{Labels}}} 7\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_output_tokens_sum{{{Labels}}} 4\n", page, StringComparison.Ordinal);
        Assert.Contains(
            $"llm_d_epp_request_ttft_seconds_count{{{Labels},streaming=\"{(asksForStream || isStream ? "true" : "false")}\"}} 1\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WholeResponse_TellsTokensTimesAndSizes()
    {
        const string Answer = """{"usage":{"prompt_tokens":7,"completion_tokens":4,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":3}}}""";
        Send("""{"model":"m","prompt":"hello"}""", "200", (Answer, 2));
        var running = await PageAsync();
        Assert.Contains($"llm_d_epp_request_running{{{Labels}}} 1\n", running, StringComparison.Ordinal);

        End();
        _fixture.Handler.OnAborted(GrpcAbort.ResetByClient);

        var page = await PageAsync();
        Assert.Contains($"llm_d_epp_request_total{{{Labels}}} 1\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_running{{{Labels}}} 0\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_input_tokens_sum{{{Labels}}} 7\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_output_tokens_sum{{{Labels}}} 4\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_cached_tokens_sum{{{Labels}}} 3\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_duration_seconds_sum{{{Labels}}} 2\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_response_size_bytes_sum{{{Labels}}} {Answer.Length}\n", page, StringComparison.Ordinal);
        Assert.Contains("inference_objective_running_requests{model_name=\"m\"} 0\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamedResponse_TellsFirstTokenAndGaps()
    {
        Send("""{"model":"m","prompt":"hello","stream":true}""", "200", ("data: a\n\n", 1), ("data: b\n\n", 0.5), ("data: {\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":3}}\n\n", 0.5));
        End();

        var page = await PageAsync();
        Assert.Contains($"llm_d_epp_request_ttft_seconds_sum{{{Labels},streaming=\"true\"}} 1\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_streaming_itl_seconds_sum{{{Labels}}} 1\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_streaming_itl_seconds_count{{{Labels}}} 2\n", page, StringComparison.Ordinal);
        Assert.Contains($"llm_d_epp_request_streaming_tpot_seconds_sum{{{Labels}}} 0.5\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServersError_IsCounted()
    {
        Send("""{"model":"m","prompt":"hello"}""", "500");

        Assert.Contains($"llm_d_epp_request_error_total{{{Labels},error_code=\"ModelServerError\"}} 1\n", await PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_IsCountedByItsClass()
    {
        _fixture.Send(Headers());
        _fixture.Send(Body("{}"));

        var page = await PageAsync();
        Assert.Contains("error_code=\"BadRequest\"} 1\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("llm_d_epp_request_total{", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientThatGoes_LeavesNothingRunning()
    {
        Send("""{"model":"m","prompt":"hello"}""");
        _fixture.Handler.OnRequestsEnded();

        Assert.Contains($"llm_d_epp_request_running{{{Labels}}} 0\n", await PageAsync(), StringComparison.Ordinal);
    }
}
