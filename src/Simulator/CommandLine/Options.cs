using System.CommandLine;
using System.Globalization;

namespace Orleans.Inference.Simulator.CommandLine;

/// <summary>Makes options of kinds that occur often.</summary>
internal static class Options
{
    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Number(string name, string description, int defaultValue, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && (value < least || value > most))
            {
                result.AddError($"{name} must be from {least} to {most}, not {value}.");
            }
        });
        return option;
    }

    /// <summary>A time with a unit: <c>500us</c>, <c>20ms</c>, <c>1.5s</c>, <c>2m</c>.</summary>
    public static Option<Duration> Duration(string name, string description, TimeSpan defaultValue)
    {
        return new Option<Duration>(name)
        {
            Description = description + " With a unit: us, ms, s, m.",
            DefaultValueFactory = _ => new Duration(defaultValue),
            CustomParser = Parsing.Duration,
        };
    }
}
