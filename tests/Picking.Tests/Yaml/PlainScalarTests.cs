using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Tests.Yaml;

/// <summary>Unquoted scalars, as the library that the reference picker reads its configuration with takes them.</summary>
public sealed class PlainScalarTests
{
    [Theory]
    // Whole numbers.
    [InlineData("10", "10")]
    [InlineData("+10", "10")]
    [InlineData("-10", "-10")]
    [InlineData("1_000", "1000")]
    [InlineData("010", "8")]
    [InlineData("-010", "-8")]
    [InlineData("0o17", "15")]
    [InlineData("0x2", "2")]
    [InlineData("0XfF", "255")]
    [InlineData("-0x10", "-16")]
    [InlineData("0b1", "1")]
    [InlineData("0b1_01", "5")]
    [InlineData("00", "0")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    // Numbers with a point or an exponent that are whole all the same; 09 is no octal number, so it is 9.0.
    [InlineData("2.0", "2")]
    [InlineData("5.", "5")]
    [InlineData("1e3", "1000")]
    [InlineData("-0.0", "0")]
    [InlineData("09", "9")]
    public void Read_WholeNumber_IsInDecimal(string plain, string value) => Assert.Equal((YamlNodeKind.Integer, value), PlainScalar.Read(plain));

    [Theory]
    [InlineData("2.5", "2.5")]
    [InlineData(".5", ".5")]
    [InlineData("-.5", "-.5")]
    [InlineData("1_0.5", "10.5")]
    [InlineData("1e-3", "1e-3")]
    [InlineData("18446744073709551616", "18446744073709551616")]
    [InlineData("-9223372036854775809", "-9223372036854775809")]
    [InlineData(".inf", ".inf")]
    [InlineData("-.INF", "-.INF")]
    [InlineData(".NaN", ".NaN")]
    public void Read_OtherNumber_IsFloat(string plain, string value) => Assert.Equal((YamlNodeKind.Float, value), PlainScalar.Read(plain));

    [Theory]
    [InlineData("true", "true")]
    [InlineData("TRUE", "true")]
    [InlineData("y", "true")]
    [InlineData("Yes", "true")]
    [InlineData("on", "true")]
    [InlineData("False", "false")]
    [InlineData("N", "false")]
    [InlineData("no", "false")]
    [InlineData("OFF", "false")]
    public void Read_TruthValue_IsTrueOrFalse(string plain, string value) => Assert.Equal((YamlNodeKind.Boolean, value), PlainScalar.Read(plain));

    [Theory]
    [InlineData("yEs")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("0b2")]
    [InlineData("1:30")]
    [InlineData("2025-01-31")]
    [InlineData("200ms")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("._5")]
    [InlineData("_1")]
    [InlineData("1e")]
    public void Read_AnythingElse_IsText(string plain) => Assert.Equal((YamlNodeKind.Text, plain), PlainScalar.Read(plain));

    [Theory]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("null")]
    public void Read_Null_IsNull(string plain) => Assert.Equal(YamlNodeKind.Null, PlainScalar.Read(plain).Kind);
}
