using Grpc.Core;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Limits;

/// <summary>Limits that hold where no flag sets others.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class DefaultLimitTests(DefaultPicker picker)
{
    [Fact]
    public async Task Message_OfUpTo4MiB_IsTaken()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Main).Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Opaque));
        await exchange.SendRequestBodyAsync(new byte[(4 << 20) - 1_000], endOfStream: true);

        Assert.Equal(picker.MainServer, (await exchange.ReadAsync()).SetHeader("x-gateway-destination-endpoint"));
    }

    [Fact]
    public async Task Message_OfMoreThan4MiB_FailsTheStream()
    {
        using var exchange = picker.ClientOf(DefaultPicker.Main).Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Opaque));

        Assert.Equal(StatusCode.ResourceExhausted, await exchange.FailAsync(new byte[4 << 20]));
    }
}
