namespace Prometheus;

/// <summary>Names of meters, instruments and tags as names of metrics and labels.</summary>
internal static class PrometheusName
{
    /// <summary>Lower case; what is neither a letter, a digit nor an underscore becomes an underscore, and so a leading digit is led by one.</summary>
    public static string Translate(string name)
    {
        var translated = string.Create(name.Length, name, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                var c = char.ToLowerInvariant(source[i]);
                target[i] = char.IsAsciiLetterOrDigit(c) ? c : '_';
            }
        });
        return translated.Length > 0 && char.IsAsciiDigit(translated[0]) ? "_" + translated : translated;
    }
}
