using System.Diagnostics.CodeAnalysis;
using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.ExtProcGateway.Reporting;

/// <summary>A number or a truth value that is worked out from a response's usage, in a part of CEL.</summary>
/// <remarks>
/// <para>There are <c>usage.prompt_tokens</c> (or <c>input_tokens</c>), <c>completion_tokens</c> (<c>output_tokens</c>), <c>total_tokens</c> and <c>prompt_tokens_details.cached_tokens</c>
/// (<c>input_tokens_details</c>), <c>has(usage.…)</c>, numbers, <c>true</c>, <c>false</c>, <c>+ - * /</c>, <c>== != &lt; &lt;= &gt; &gt;=</c>, <c>! &amp;&amp; ||</c>, <c>? :</c>, parentheses, <c>int(…)</c> and
/// <c>double(…)</c>. All numbers are doubles, as JSON's are for CEL. A figure that the response does not give reads as 0, cached tokens as no number, and neither is there for <c>has</c>.</para>
/// <para>Immutable; safe from any thread.</para>
/// </remarks>
internal sealed class UsageExpression
{
    private readonly UsageEvaluator _evaluate;

    private UsageExpression(UsageEvaluator evaluate, bool isCondition)
    {
        _evaluate = evaluate;
        IsCondition = isCondition;
    }

    /// <summary>Its values are truth values.</summary>
    public bool IsCondition { get; }

    /// <summary>Compiles a text.</summary>
    /// <param name="fault">What is wrong with it, with line and column in the text; null where nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out UsageExpression? expression, [NotNullWhen(false)] out string? fault)
    {
        var parser = new UsageExpressionParser(text);
        var (evaluate, isCondition) = parser.Parse();
        fault = parser.Fault;
        expression = fault is null ? new(evaluate, isCondition) : null;
        return fault is null;
    }

    /// <summary>The value: of a condition 1 or 0; NaN where it has none.</summary>
    public double Evaluate(in TokenUsage usage) => _evaluate(usage);
}
