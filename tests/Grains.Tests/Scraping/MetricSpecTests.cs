using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class MetricSpecTests
{
    [Theory]
    [InlineData("name", "name")]
    [InlineData("  ns:name_1 ", "ns:name_1")]
    [InlineData("name{}", "name")]
    [InlineData("name{a=b}", "name{a=\"b\"}")]
    [InlineData(" name { a = b , c = \"d, e\" } ", "name{a=\"b\",c=\"d, e\"}")]
    [InlineData("name{a=\"x\\\"y\"}", "name{a=\"x\"y\"}")]
    [InlineData("name{a=b,}", "name{a=\"b\"}")]
    public void TryParse_Spec_Reads(string text, string meaning) => Assert.Equal(meaning, MetricSpec.Parse(text).ToString());

    [Theory]
    [InlineData("", "is no metric name")]
    [InlineData("1name", "is no metric name")]
    [InlineData("na me", "is no metric name")]
    [InlineData("name{a=b", "no closing brace")]
    [InlineData("name{a}", "is no label=value")]
    [InlineData("name{a:b=c}", "is no label name")]
    [InlineData("name{a=\"b}", "no end or a stray quote")]
    [InlineData("name{a=b\"c}", "no end or a stray quote")]
    [InlineData("name{a=\"b\" c=d}", "no comma")]
    [InlineData("name{a=b,a=c}", "given twice")]
    public void TryParse_NoSpec_SaysWhy(string text, string why)
    {
        Assert.False(MetricSpec.TryParse(text, out var spec, out var error));
        Assert.Null(spec);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Contains($"'{text}'", error, StringComparison.Ordinal);
    }
}
