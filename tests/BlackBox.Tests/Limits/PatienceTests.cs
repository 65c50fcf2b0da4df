using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using static Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace Orleans.Inference.BlackBox.Tests.Limits;

/// <summary>Gateways set no time limit on a picker, so nothing waits here for ever.</summary>
public sealed class PatienceTests(ImpatientPicker picker) : IClassFixture<ImpatientPicker>
{
    private readonly ExtProcClient _client = picker.ClientOf(ImpatientPicker.Service);

    [Fact]
    public async Task Body_ThatDoesNotComeOrGoOn_IsRefused()
    {
        using var stopped = _client.Open();
        await stopped.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await stopped.SendRequestBodyAsync(Exchanges.Utf8("{\"model\":"));
        using var missing = _client.Open();
        await missing.SendRequestHeadersAsync(ExtProcExchange.Headers());
        using var buffered = _client.Open(ProcessingMode.Types.BodySendMode.Buffered, ProcessingMode.Types.BodySendMode.Buffered);
        await buffered.SendRequestHeadersAsync(ExtProcExchange.Headers());
        Assert.Equal(RequestHeaders, (await buffered.ReadAsync()).ResponseCase);

        foreach (var exchange in new[] { stopped, missing, buffered })
        {
            var refusal = Refusal.Of(await exchange.ReadAsync());
            Assert.Equal(503, refusal.Status);
            Assert.StartsWith("inference error: ServiceUnavailable - ", refusal.Body, StringComparison.Ordinal);
            Assert.NotNull(refusal.Reason);
            Assert.Null(await exchange.TryReadAsync());
        }
    }

    [Fact]
    public async Task HeldResponse_ThatDoesNotGoOn_IsLetGo()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        await exchange.SendResponseHeadersAsync(200, false, ("content-type", "application/json"));
        await exchange.ReadAsync();
        await exchange.SendResponseBodyAsync(Exchanges.Utf8("{\"a\":"));

        var piece = (await exchange.ReadAsync()).Piece();
        Assert.Equal(("{\"a\":", false), (piece.Body.ToStringUtf8(), piece.EndOfStream));

        await exchange.SendResponseBodyAsync(Exchanges.Utf8("1}"), endOfStream: true);
        piece = (await exchange.ReadAsync()).Piece();
        Assert.Equal(("1}", true), (piece.Body.ToStringUtf8(), piece.EndOfStream));
    }

    [Fact]
    public async Task Stream_WhoseRequestIsAnswered_WaitsAsLongAsTheModelServer()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestAsync(Exchanges.Prompt("m"));
        using var other = _client.Open();
        await other.SendRequestHeadersAsync(ExtProcExchange.Headers());

        // The bound is over for the younger stream.
        Assert.Equal(503, Refusal.Of(await other.ReadAsync()).Status);
        await exchange.SendResponseHeadersAsync();
        Assert.Equal(ResponseHeaders, (await exchange.ReadAsync()).ResponseCase);
    }
}
