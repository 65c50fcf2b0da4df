using Orleans.Inference.Simulator.CommandLine;

namespace Orleans.Inference.Simulator.Tests.CommandLine;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500us", 0.5, "500us")]
    [InlineData("20ms", 20, "20ms")]
    [InlineData("1.5s", 1500, "1.5s")]
    [InlineData("2m", 120_000, "120s")]
    [InlineData("0ms", 0, "0ms")]
    public void TryParse_NumberWithUnit_IsUnderstood(string text, double milliseconds, string shown)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.Value.TotalMilliseconds);
        Assert.Equal(shown, duration.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("ms")]
    [InlineData("-5ms")]
    [InlineData("1e30s")]
    [InlineData("5 days")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(Duration.TryParse(text, out _));
    }
}
