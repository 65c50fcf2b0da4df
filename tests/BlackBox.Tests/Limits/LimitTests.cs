using Grpc.Core;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;
using static Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace Orleans.Inference.BlackBox.Tests.Limits;

/// <summary>What is too large or too many is answered.</summary>
public sealed class LimitTests(LimitedPicker picker) : IClassFixture<LimitedPicker>
{
    private const int Piece = 32 * 1024;

    private readonly ExtProcClient _client = picker.ClientOf(LimitedPicker.Service);

    [Theory]
    [InlineData(LimitedPicker.BodySize, 0)]
    [InlineData(LimitedPicker.BodySize + 1, 413)]
    public async Task BodySize_UpToTheLimit_IsTaken(int size, int refusal)
    {
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Opaque));
        for (var sent = 0; sent < size; sent += Piece)
        {
            await exchange.SendRequestBodyAsync(new byte[Math.Min(Piece, size - sent)], endOfStream: sent + Piece >= size);
        }

        var answer = await exchange.ReadAsync();

        if (refusal == 0)
        {
            Assert.Equal(picker.Server, answer.SetHeader("x-gateway-destination-endpoint"));
            return;
        }

        var refused = Refusal.Of(answer);
        Assert.Equal(refusal, refused.Status);
        Assert.StartsWith("inference error: ", refused.Body, StringComparison.Ordinal);
        Assert.Null(await exchange.TryReadAsync());
    }

    [Fact]
    public async Task BodySize_OverTheLimitWithoutAnEnd_IsRefusedAtOnce()
    {
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        for (var sent = 0; sent <= LimitedPicker.BodySize; sent += Piece)
        {
            await exchange.SendRequestBodyAsync(new byte[Piece]);
        }

        Assert.Equal(413, Refusal.Of(await exchange.ReadAsync()).Status);
    }

    [Fact]
    public async Task Bodies_MoreThanTheLimitTogether_AreRefusedUntilOneEnds()
    {
        const string Held = "orleans_inference_held_bytes";
        const int Size = 50_000;
        await picker.Picker.AwaitOpenStreamsAsync(0);
        var open = new List<ExtProcExchange>();
        for (var i = 0; i < LimitedPicker.Streams; i++)
        {
            open.Add(_client.Open());
            await open[i].SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Opaque));
            await open[i].SendRequestBodyAsync(new byte[Size]);
        }

        // Eight pieces of 50,000 bytes, in arrays of 64 KiB, beside the headers; what comes over one connection is taken in order, so the last is too much.
        var refusal = Refusal.Of(await open[^1].ReadAsync());
        Assert.Equal(503, refusal.Status);
        Assert.StartsWith("inference error: ServiceUnavailable - ", refusal.Body, StringComparison.Ordinal);
        Assert.NotNull(refusal.Reason);
        Assert.Null(await open[^1].TryReadAsync());
        Assert.InRange((await picker.Picker.ReadCountAsync(Held))!.Value, (LimitedPicker.Streams - 1) * Size, LimitedPicker.HeldBytes);

        // The first has its place, and goes on.
        await open[0].SendRequestBodyAsync(new byte[1], endOfStream: true);
        Assert.Equal(picker.Server, (await open[0].ReadAsync()).SetHeader("x-gateway-destination-endpoint"));
        open.ForEach(exchange => exchange.Dispose());
        await picker.Picker.AwaitOpenStreamsAsync(0);
        await Bounds.UntilAsync(async () => await picker.Picker.ReadCountAsync(Held) == 0, "nothing is held");
    }

    [Fact]
    public async Task Message_OverTheLimit_FailsTheStreamAlone()
    {
        using var other = _client.Open();
        await other.SendRequestAsync(Exchanges.Prompt("m"));
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());

        Assert.Equal(StatusCode.ResourceExhausted, await exchange.FailAsync(new byte[LimitedPicker.MessageSize]));

        await other.SendResponseHeadersAsync();
        Assert.Equal(ResponseHeaders, (await other.ReadAsync()).ResponseCase);
    }

    [Fact]
    public async Task Answer_OverTheLimit_FailsTheStreamAlone()
    {
        using var other = _client.Open();
        await other.SendRequestAsync(Exchanges.Prompt("m"));
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Opaque));
        await exchange.SendRequestBodyAsync(new byte[60_000], endOfStream: true);

        var failure = await Assert.ThrowsAsync<RpcException>(exchange.ReadAllAsync);

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        await other.SendResponseHeadersAsync();
        Assert.Equal(ResponseHeaders, (await other.ReadAsync()).ResponseCase);
    }

    [Fact]
    public async Task Streams_MoreThanTheLimit_AreRefusedUntilOneEnds()
    {
        await picker.Picker.AwaitOpenStreamsAsync(0);
        var open = new List<ExtProcExchange>();
        for (var i = 0; i < LimitedPicker.Streams; i++)
        {
            open.Add(_client.Open());
            await open[i].SendRequestAsync(Exchanges.Prompt("m"));
        }

        using (var more = _client.Open())
        {
            await more.SendRequestHeadersAsync(ExtProcExchange.Headers());
            var refusal = Refusal.Of(await more.ReadAsync());
            Assert.Equal(503, refusal.Status);
            Assert.StartsWith("inference error: ServiceUnavailable - ", refusal.Body, StringComparison.Ordinal);
            Assert.NotNull(refusal.Reason);
            Assert.Null(await more.TryReadAsync());
        }

        using (var more = _client.Open())
        {
            await more.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET"), endOfStream: true);
            Assert.Equal(503, Refusal.Of(await more.ReadAsync()).Status);
        }

        open[0].Reset();
        await picker.Picker.AwaitOpenStreamsAsync(LimitedPicker.Streams - 1);
        Assert.Equal(picker.Server, (await _client.PickAsync(Exchanges.Prompt("m"))).Destination);
        open.ForEach(exchange => exchange.Dispose());
    }
}
