using System.Text;

namespace Orleans.Inference.Picking.Tracing;

/// <summary>The type of a plugin as configurations and traces name it: <c>QueueScorer</c> is <c>queue-scorer</c>.</summary>
internal static class PluginName
{
    public static string Of(object plugin)
    {
        var name = plugin.GetType().Name;
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
