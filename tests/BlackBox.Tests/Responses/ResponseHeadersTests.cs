using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Responses;

/// <summary>The answer to a response's headers, and what is learnt from them.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class ResponseHeadersTests(DefaultPicker picker)
{
    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Fact]
    public async Task Answer_SetsItsMarkFirstThenTheReceivedHeaders()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        await exchange.SendResponseHeadersAsync(200, false, ("content-type", "application/json"), ("X-Mixed-Case", "Value"), ("server", "vllm"));

        var answer = await exchange.ReadAsync();

        Assert.Equal(ProcessingResponse.ResponseOneofCase.ResponseHeaders, answer.ResponseCase);
        Assert.False(answer.ResponseHeaders.Response.ClearRouteCache);
        Assert.Empty(answer.ResponseHeaders.Response.HeaderMutation.RemoveHeaders);
        var set = answer.SetHeaders();
        Assert.Equal(("x-went-into-resp-headers", "true"), set[0]);
        Assert.Equal(
            new[] { (":status", "200"), ("content-type", "application/json"), ("X-Mixed-Case", "Value"), ("server", "vllm") }.Order(),
            set.Skip(1).Order());
        Assert.Null(answer.DynamicMetadata);
    }

    [Fact]
    public async Task SystemOwnedHeaders_AreNotRepeated()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        await exchange.SendResponseHeadersAsync(
            200, false, ("content-length", "5"), ("Content-Length", "5"), ("x-gateway-destination-endpoint", "1"), ("x-gateway-destination-endpoint-served", "1"), ("x-llm-d-request-dropped-reason", "1"));

        Assert.Equal(["x-went-into-resp-headers", ":status"], (await exchange.ReadAsync()).SetHeaders().Select(header => header.Name));
    }

    [Fact]
    public async Task Header_ThatOccursTwice_IsNotRepeated()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        await exchange.SendResponseHeadersAsync(200, false, ("set-cookie", "a=1"), ("x-once", "1"), ("set-cookie", "b=2"));

        var answer = await exchange.ReadAsync();

        Assert.DoesNotContain(answer.SetHeaders(), header => header.Name == "set-cookie");
        Assert.Equal("1", answer.SetHeader("x-once"));
    }

    [Fact]
    public async Task HeaderValue_OfTheOlderKind_IsRead()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        var map = new HeaderMap { Headers = { new HeaderValue { Key = ":status", Value = "200" }, new HeaderValue { Key = "content-type", Value = "text/event-stream" } } };
        await exchange.SendAsync(new ProcessingRequest { ResponseHeaders = new HttpHeaders { Headers = map } });
        Assert.Equal("text/event-stream", (await exchange.ReadAsync()).SetHeader("content-type"));

        await exchange.SendResponseBodyAsync(Exchanges.Utf8("data: {}\n\n"));

        Assert.Equal("data: {}\n\n", (await exchange.ReadAsync()).Piece().Body.ToStringUtf8());
    }

    [Fact]
    public async Task Response_WithoutABody_IsAnsweredOnce()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        await exchange.SendResponseHeadersAsync(204, endOfStream: true);
        await exchange.HalfCloseAsync();

        Assert.Equal([ProcessingResponse.ResponseOneofCase.ResponseHeaders], (await exchange.ReadAllAsync()).Kinds());
    }

    [Theory]
    [InlineData(":status", "503", "failed-by-status", 1)]
    [InlineData("status", "500", "failed-by-plain-status", 1)]
    [InlineData(":status", "201", "failed-by-created", 1)]
    [InlineData(":status", "200", "not-failed", 0)]
    public async Task Status_OtherThan200_IsCountedAsAnErrorOfTheModelServer(string header, string status, string model, int errors)
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt(model));
        await exchange.SendAsync(Simulator.ExtProc.ExtProcMessages.ResponseHeaders([(header, status)], endOfStream: false));
        await exchange.ReadAsync();
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("{}"), endOfStream: true);
        await exchange.ReadAsync();
        await exchange.HalfCloseAsync();
        Assert.Null(await exchange.TryReadAsync());

        await picker.AwaitMetricAsync(1, "llm_d_epp_request_total", ("model_name", model));
        await picker.AwaitMetricAsync(errors, "llm_d_epp_request_error_total", ("model_name", model), ("error_code", "ModelServerError"));
        await picker.AwaitMetricAsync(errors, "inference_objective_request_error_total", ("model_name", model), ("error_code", "ModelServerError"));
    }
}
