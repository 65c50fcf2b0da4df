using Orleans.Inference.ExtProcGateway.Reporting;
using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.ExtProcGateway.Tests.Reporting;

public sealed class UsageExpressionTests
{
    private static readonly TokenUsage Usage = new(100, 20, 120, 60);

    private static double Evaluate(string text, TokenUsage? usage = null)
    {
        Assert.True(UsageExpression.TryParse(text, out var expression, out var fault), fault);
        return expression.Evaluate(usage ?? Usage);
    }

    [Theory]
    [InlineData("usage.prompt_tokens", 100)]
    [InlineData("usage.input_tokens", 100)]
    [InlineData("usage.completion_tokens", 20)]
    [InlineData("usage.output_tokens", 20)]
    [InlineData("usage.total_tokens", 120)]
    [InlineData("usage.prompt_tokens_details.cached_tokens", 60)]
    [InlineData("usage.input_tokens_details.cached_tokens", 60)]
    [InlineData("usage . prompt_tokens\n  + usage.completion_tokens", 120)]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("10 - 4 - 3", 3)]
    [InlineData("16 / 4 / 2", 2)]
    [InlineData("-usage.completion_tokens + 1", -19)]
    [InlineData("--3", 3)]
    [InlineData("1.5e2 + .5", 150.5)]
    [InlineData("1e-1 * 10", 1)]
    [InlineData("int(usage.prompt_tokens / 3)", 33)]
    [InlineData("int(-7 / 2)", -3)]
    [InlineData("double(3) / 2", 1.5)]
    [InlineData("has(usage.prompt_tokens) ? usage.prompt_tokens : 0", 100)]
    [InlineData("usage.prompt_tokens > 99 && usage.completion_tokens < 20 ? 1 : usage.total_tokens == 120 ? 2 : 3", 2)]
    [InlineData("(usage.prompt_tokens - usage.prompt_tokens_details.cached_tokens) + 4 * usage.completion_tokens", 120)]
    public void Evaluate_Numbers_AreAsWorkedOut(string text, double expected) => Assert.Equal(expected, Evaluate(text));

    [Theory]
    [InlineData("true", true)]
    [InlineData("!true", false)]
    [InlineData("1 < 2", true)]
    [InlineData("2 <= 1", false)]
    [InlineData("2 >= 2", true)]
    [InlineData("2 > 2", false)]
    [InlineData("1 == 1 && 1 != 2", true)]
    [InlineData("false && false || true", true)]
    [InlineData("true || false && false", true)]
    [InlineData("(true || false) && false", false)]
    [InlineData("true == (1 < 2)", true)]
    [InlineData("has(usage.prompt_tokens_details.cached_tokens)", true)]
    public void Evaluate_Conditions_AreAsWorkedOut(string text, bool expected)
    {
        Assert.True(UsageExpression.TryParse(text, out var expression, out _));
        Assert.True(expression.IsCondition);
        Assert.Equal(expected ? 1 : 0, expression.Evaluate(Usage));
    }

    [Fact]
    public void Evaluate_FiguresThatAreNotThere_ReadAsNothing()
    {
        var usage = new TokenUsage(100, 0, 0, null);

        Assert.Equal(0, Evaluate("usage.completion_tokens", usage));
        Assert.Equal(0, Evaluate("has(usage.completion_tokens) || has(usage.total_tokens) || has(usage.prompt_tokens_details.cached_tokens)", usage));
        Assert.Equal(1, Evaluate("has(usage.prompt_tokens)", usage));
        Assert.True(double.IsNaN(Evaluate("1 + usage.prompt_tokens_details.cached_tokens", usage)));
    }

    [Theory]
    [InlineData("", "1:1: a value is expected")]
    [InlineData("  1 +\n  ", "2:3: a value is expected")]
    [InlineData("usage", "1:1: usage is no value: name a field of it")]
    [InlineData("1 + usage.cost", "1:5: 'usage.cost' is not known: there are prompt_tokens, completion_tokens, total_tokens and prompt_tokens_details.cached_tokens")]
    [InlineData("1 +\n request.size", "2:2: 'request' is not supported: there are usage, has(), int() and double()")]
    [InlineData("math.greatest(1, 2)", "1:1: 'math' is not supported: there are usage, has(), int() and double()")]
    [InlineData("has(1)", "1:5: has() takes a field of usage")]
    [InlineData("(1 + 2", "1:7: ')' is expected")]
    [InlineData("1 + 2)", "1:6: an operator or the end is expected, not ')'")]
    [InlineData("5 % 2", "1:3: an operator or the end is expected, not '%'")]
    [InlineData("1 + true", "1:5: a number is expected, not a truth value")]
    [InlineData("1 && true", "1:1: a truth value is expected, not a number")]
    [InlineData("true || 2", "1:9: a truth value is expected, not a number")]
    [InlineData("!3", "1:2: a truth value is expected, not a number")]
    [InlineData("true < false", "1:1: a number is expected, not a truth value")]
    [InlineData("1 ? 2 : 3", "1:1: a truth value is expected, not a number")]
    [InlineData("true ? 2", "1:9: ':' is expected")]
    [InlineData("true ? 2 : false", "1:12: a number is expected, not a truth value")]
    [InlineData("1.2.3", "1:1: '1.2.3' is no number")]
    [InlineData("0x10", "1:1: '0x10' is no number")]
    [InlineData("\"a\"", "1:1: a value is expected, not '\"'")]
    public void TryParse_Faulty_IsToldWithItsPlace(string text, string expected)
    {
        Assert.False(UsageExpression.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void TryParse_Depth_HasALimit()
    {
        Assert.True(UsageExpression.TryParse($"{new string('(', 60)}1{new string(')', 60)}", out _, out _));
        Assert.False(UsageExpression.TryParse(new string('(', 100_000), out _, out var fault));
        Assert.Equal("1:66: more than 64 levels within each other", fault);
        Assert.False(UsageExpression.TryParse(new string('-', 100_000), out _, out _));
    }
}
