using Orleans.Inference.ExtProcGateway.Responses;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Reporting;

/// <summary><c>request-attribute-reporter</c>: tells the proxy a figure that is worked out from the response's usage, as dynamic metadata of the last answer to the response's body.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
internal sealed class RequestAttributeReporter
{
    private readonly UsageExpression? _value;
    private readonly UsageExpression? _condition;

    private RequestAttributeReporter(ReportedAttributeKey key, UsageExpression? value, UsageExpression? condition)
    {
        Key = key;
        _value = value;
        _condition = condition;
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<RequestAttributeReporter, RequestAttributeReporterParameters>("request-attribute-reporter", Create) with
    {
        Roles = PluginRoles.RequestControl,
        Summary = "Tells the proxy a figure that is worked out from the usage in the response, cut to a whole number, as dynamic metadata of the last answer to the response's body; nothing where it is 0.",
        Example = """
            - type: request-attribute-reporter
              parameters:
                attributes:
                - key:
                    name: x-gateway-inference-request-cost
                  expression: usage.prompt_tokens + 4 * usage.completion_tokens
                  condition: has(usage.completion_tokens)
            """,
    };

    /// <summary>Where the figure goes.</summary>
    public ReportedAttributeKey Key { get; }

    /// <summary>The figure; false where there is none to tell.</summary>
    public bool TryEvaluate(in TokenUsage usage, out double value)
    {
        value = 0;
        if (_condition is null || _condition.Evaluate(usage) == 1)
        {
            value = Math.Truncate(_value!.Evaluate(usage));
        }

        return double.IsFinite(value) && value != 0;
    }

    private static RequestAttributeReporter Create(RequestAttributeReporterParameters parameters, PluginContext context)
    {
        if (parameters.Attributes.Length > 1)
        {
            context.Fault("attributes", $"exactly one attribute is possible, not {parameters.Attributes.Length}; more take a plugin each");
        }

        // None, or empty texts, are told as missing.
        var attribute = parameters.Attributes.IsEmpty ? new() : parameters.Attributes[0];
        var value = Compile(attribute.Expression, "expression", isCondition: false, context);
        var condition = Compile(attribute.Condition, "condition", isCondition: true, context);
        return new(attribute.Key, value, condition);
    }

    /// <summary>Null for an empty text, and for a faulty one, which is told.</summary>
    private static UsageExpression? Compile(string text, string field, bool isCondition, PluginContext context)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (!UsageExpression.TryParse(text, out var expression, out var fault))
        {
            context.Fault("attributes", $"{field}:{fault}");
        }
        else if (expression.IsCondition != isCondition)
        {
            context.Fault("attributes", $"{field}:1:1: it must be {(isCondition ? "a truth value, not a number" : "a number, not a truth value")}");
        }

        return expression;
    }
}
