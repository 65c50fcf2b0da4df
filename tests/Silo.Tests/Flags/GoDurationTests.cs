using Orleans.Inference.ExtProcGateway.Hosting.Flags;
using Orleans.Inference.Picking.Configuration.Values;

namespace Orleans.Inference.Silo.Tests.Flags;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("50ms", 50)]
    [InlineData("2s", 2_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1h0m0.5s", 3_600_500)]
    [InlineData("-3s", -3_000)]
    [InlineData("+1ms", 1)]
    [InlineData("1500us", 1.5)]
    [InlineData("1500µs", 1.5)]
    [InlineData("1000000ns", 1)]
    [InlineData(".5s", 500)]
    public void TryParse_Duration_IsRead(string text, double milliseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("1.2.3s")]
    [InlineData(".s")]
    [InlineData("99999999999h")]
    [InlineData("00:00:05")]
    public void TryParse_Other_IsRefused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData("0")]
    [InlineData("50ms")]
    [InlineData("2s")]
    [InlineData("1m30s")]
    [InlineData("2h")]
    [InlineData("1.5ms")]
    public void Format_Duration_ReadsBack(string text)
    {
        Assert.True(GoDuration.TryParse(text, out var value));
        Assert.Equal(text, GoDuration.Format(value));
    }
}
