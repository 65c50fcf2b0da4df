using System.Text;
using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.Picking.Tests.Tokenization;

public sealed class VideoFactsTests
{
    [Theory]
    [InlineData("1280x720", 1280, 720)]
    [InlineData(" 1280 X 720 ", 1280, 720)]
    [InlineData("1280", 0, 0)]
    [InlineData("x720", 0, 0)]
    [InlineData("1280x", 0, 0)]
    [InlineData("0x720", 0, 0)]
    [InlineData("1280x-1", 0, 0)]
    [InlineData("1280x720x3", 0, 0)]
    [InlineData("1280.5x720", 0, 0)]
    [InlineData("99999999999x720", 0, 0)]
    [InlineData("", 0, 0)]
    public void ParseResolution_TakesASizeAndNothingElse(string value, int width, int height) =>
        Assert.Equal((width, height), VideoFacts.ParseResolution(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("12.5", 12.5)]
    [InlineData(" 30 ", 30)]
    [InlineData("1e2", 100)]
    [InlineData("0", 0)]
    [InlineData("-1", 0)]
    [InlineData("abc", 0)]
    [InlineData("10s", 0)]
    [InlineData("NaN", 0)]
    [InlineData("Infinity", 0)]
    [InlineData("", 0)]
    public void ParseNumber_TakesANumberAboveZero(string value, double expected) => Assert.Equal(expected, VideoFacts.ParseNumber(Encoding.UTF8.GetBytes(value)));
}
