using Orleans.Inference.ExtProcGateway.Hosting.Flags;
using Orleans.Inference.Picking.Configuration.Values;

namespace Orleans.Inference.Silo.Tests.Flags;

public sealed class ByteQuantityTests
{
    [Theory]
    [InlineData("4194304", 4194304)]
    [InlineData("4Mi", 4194304)]
    [InlineData("4MiB", 4194304)]
    [InlineData("16M", 16000000)]
    [InlineData("16Mb", 16000000)]
    [InlineData("100k", 100000)]
    [InlineData("1.5Ki", 1536)]
    [InlineData("1e6", 1000000)]
    [InlineData("1500m", 2)]
    [InlineData("-1", -1)]
    [InlineData("0", 0)]
    public void TryParse_Quantity_IsRead(string text, long expected)
    {
        Assert.True(ByteQuantity.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("B")]
    [InlineData("four")]
    [InlineData("4 Mi")]
    [InlineData("4mi")]
    [InlineData("0x10")]
    [InlineData("100000000Ei")]
    public void TryParse_Other_IsRefused(string text) => Assert.False(ByteQuantity.TryParse(text, out _));
}
