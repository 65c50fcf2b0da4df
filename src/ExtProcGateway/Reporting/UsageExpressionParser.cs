using System.Globalization;
using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.ExtProcGateway.Reporting;

/// <summary>Reads a <see cref="UsageExpression"/>: recursive descent, one method for each level of precedence.</summary>
internal sealed class UsageExpressionParser(string text)
{
    /// <summary>Parentheses and signs within each other: more is no honest expression, and would take the stack.</summary>
    private const int MaxDepth = 64;

    private static readonly UsageEvaluator _nothing = static (in TokenUsage _) => double.NaN;

    private int _at;
    private int _depth;

    /// <summary>The first thing that is wrong; null where nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads the whole text. What it answers counts where there is no <see cref="Fault"/>.</summary>
    public (UsageEvaluator Evaluate, bool IsCondition) Parse()
    {
        var whole = Choice();
        SkipSpace();
        if (_at < text.Length)
        {
            Fail(_at, $"an operator or the end is expected, not '{text[_at]}'");
        }

        return (whole.Evaluate, whole.IsCondition);
    }

    private Part Choice()
    {
        var start = _at;
        var condition = Or();
        if (!Take("?"))
        {
            return condition;
        }

        Expect(condition, isCondition: true, start);
        var chosen = Nested(Choice);
        if (!Take(":"))
        {
            Fail(_at, "':' is expected");
        }

        start = _at;
        var other = Nested(Choice);
        Expect(other, chosen.IsCondition, start);
        return new((in TokenUsage usage) => condition.Evaluate(usage) is var truth && double.IsNaN(truth) ? truth : truth != 0 ? chosen.Evaluate(usage) : other.Evaluate(usage), chosen.IsCondition);
    }

    private Part Or() => Logic(And, "||", static (left, right) => (in TokenUsage usage) => left(usage) == 1 || right(usage) == 1 ? 1 : 0);

    private Part And() => Logic(Comparison, "&&", static (left, right) => (in TokenUsage usage) => left(usage) == 1 && right(usage) == 1 ? 1 : 0);

    private Part Logic(Func<Part> operand, string sign, Func<UsageEvaluator, UsageEvaluator, UsageEvaluator> combine)
    {
        var start = _at;
        var left = operand();
        while (Take(sign))
        {
            Expect(left, isCondition: true, start);
            var place = _at;
            var right = operand();
            Expect(right, isCondition: true, place);
            left = new(combine(left.Evaluate, right.Evaluate), true);
        }

        return left;
    }

    private Part Comparison()
    {
        var start = _at;
        var first = Sum();
        if (TakeAny("==", "!=", "<=", ">=", "<", ">") is not { } sign)
        {
            return first;
        }

        var place = _at;
        var (left, second) = (first.Evaluate, Sum());
        var right = second.Evaluate;
        Expect(second, first.IsCondition, place);
        if (sign is not ("==" or "!="))
        {
            Expect(first, isCondition: false, start);
        }

        return new(
            sign switch
            {
                "==" => (in TokenUsage usage) => left(usage) == right(usage) ? 1 : 0,
                "!=" => (in TokenUsage usage) => left(usage) != right(usage) ? 1 : 0,
                "<=" => (in TokenUsage usage) => left(usage) <= right(usage) ? 1 : 0,
                ">=" => (in TokenUsage usage) => left(usage) >= right(usage) ? 1 : 0,
                "<" => (in TokenUsage usage) => left(usage) < right(usage) ? 1 : 0,
                _ => (in TokenUsage usage) => left(usage) > right(usage) ? 1 : 0,
            },
            true);
    }

    private Part Sum() => Arithmetic(
        Product,
        ["+", "-"],
        static (sign, left, right) => sign == "+" ? (in TokenUsage usage) => left(usage) + right(usage) : (in TokenUsage usage) => left(usage) - right(usage));

    private Part Product() => Arithmetic(
        Unary,
        ["*", "/"],
        static (sign, left, right) => sign == "*" ? (in TokenUsage usage) => left(usage) * right(usage) : (in TokenUsage usage) => left(usage) / right(usage));

    private Part Arithmetic(Func<Part> operand, string[] signs, Func<string, UsageEvaluator, UsageEvaluator, UsageEvaluator> combine)
    {
        var start = _at;
        var left = operand();
        while (TakeAny(signs) is { } sign)
        {
            Expect(left, isCondition: false, start);
            var place = _at;
            var right = operand();
            Expect(right, isCondition: false, place);
            left = new(combine(sign, left.Evaluate, right.Evaluate), false);
        }

        return left;
    }

    private Part Unary()
    {
        var isNot = Take("!");
        if (!isNot && !Take("-"))
        {
            return Primary();
        }

        var place = _at;
        var operand = Nested(Unary);
        Expect(operand, isNot, place);
        var inner = operand.Evaluate;
        return isNot ? new((in TokenUsage usage) => 1 - inner(usage), true) : new((in TokenUsage usage) => -inner(usage), false);
    }

    private Part Primary()
    {
        SkipSpace();
        var start = _at;
        if (Take("("))
        {
            var inner = Nested(Choice);
            Close();
            return inner;
        }

        if (start < text.Length && (char.IsAsciiDigit(text[start]) || text[start] == '.'))
        {
            return Number(start);
        }

        var name = Name();
        switch (name)
        {
            case "true" or "false":
                var truth = name == "true" ? 1 : 0;
                return new((in TokenUsage _) => truth, true);
            case "usage":
                return new(Figure(start).Read, false);
            case "has" when Take("("):
                return Has();
            case "int" or "double" when Take("("):
                return Conversion(name);
            case "":
                return Fail(start, start == text.Length ? "a value is expected" : $"a value is expected, not '{text[start]}'");
            default:
                return Fail(start, $"'{name}' is not supported: there are usage, has(), int() and double()");
        }
    }

    private Part Number(int start)
    {
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '.' || (text[_at] is '+' or '-' && text[_at - 1] is 'e' or 'E')))
        {
            _at++;
        }

        var literal = text[start.._at];
        return double.TryParse(literal, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new((in TokenUsage _) => value, false)
            : Fail(start, $"'{literal}' is no number");
    }

    private Part Has()
    {
        SkipSpace();
        var start = _at;
        if (Name() != "usage")
        {
            return Fail(start, "has() takes a field of usage");
        }

        var there = Figure(start).Has;
        Close();
        return new(there, true);
    }

    private Part Conversion(string name)
    {
        var start = _at;
        var operand = Nested(Choice);
        Close();
        Expect(operand, isCondition: false, start);
        var inner = operand.Evaluate;
        return name == "int" ? new((in TokenUsage usage) => Math.Truncate(inner(usage)), false) : operand;
    }

    /// <summary>The fields behind <c>usage</c>.</summary>
    private (UsageEvaluator Read, UsageEvaluator Has) Figure(int start)
    {
        var path = "";
        while (Take("."))
        {
            SkipSpace();
            path += (path.Length == 0 ? "" : ".") + Name();
        }

        switch (path)
        {
            case "prompt_tokens" or "input_tokens":
                return (static (in TokenUsage usage) => usage.Prompt, static (in TokenUsage usage) => usage.Prompt != 0 ? 1 : 0);
            case "completion_tokens" or "output_tokens":
                return (static (in TokenUsage usage) => usage.Completion, static (in TokenUsage usage) => usage.Completion != 0 ? 1 : 0);
            case "total_tokens":
                return (static (in TokenUsage usage) => usage.Total, static (in TokenUsage usage) => usage.Total != 0 ? 1 : 0);
            case "prompt_tokens_details.cached_tokens" or "input_tokens_details.cached_tokens":
                return (static (in TokenUsage usage) => usage.Cached ?? double.NaN, static (in TokenUsage usage) => usage.Cached is null ? 0 : 1);
            default:
                Fail(start, path.Length == 0
                    ? "usage is no value: name a field of it"
                    : $"'usage.{path}' is not known: there are prompt_tokens, completion_tokens, total_tokens and prompt_tokens_details.cached_tokens");
                return (_nothing, _nothing);
        }
    }

    private Part Nested(Func<Part> parse)
    {
        if (++_depth > MaxDepth)
        {
            return Fail(_at, $"more than {MaxDepth} levels within each other");
        }

        var part = parse();
        _depth--;
        return part;
    }

    private void Close()
    {
        if (!Take(")"))
        {
            Fail(_at, "')' is expected");
        }
    }

    private void Expect(Part part, bool isCondition, int at)
    {
        if (part.IsCondition != isCondition)
        {
            Fail(at, isCondition ? "a truth value is expected, not a number" : "a number is expected, not a truth value");
        }
    }

    private string Name()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        return text[start.._at];
    }

    private string? TakeAny(params string[] signs) => signs.FirstOrDefault(Take);

    private bool Take(string sign)
    {
        SkipSpace();
        if (Fault is not null || !text.AsSpan(_at).StartsWith(sign))
        {
            return false;
        }

        _at += sign.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    /// <summary>Keeps the first fault, with its place in the text, both from 1 on.</summary>
    private Part Fail(int at, string message)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        var before = text.AsSpan(0, at);
        Fault ??= $"{before.Count('\n') + 1}:{at - before.LastIndexOf('\n')}: {message}";
        return new(_nothing, false);
    }

    /// <summary>A part of the expression, compiled.</summary>
    private readonly record struct Part(UsageEvaluator Evaluate, bool IsCondition);
}
