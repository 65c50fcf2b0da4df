using System.Runtime.CompilerServices;
using System.Text;

namespace Orleans.Inference.Picking.Tracing;

/// <summary>Type and name of a plugin as configurations and traces have them; of one that no configuration made, <c>QueueScorer</c> is <c>queue-scorer</c>.</summary>
internal static class PluginName
{
    private static readonly ConditionalWeakTable<object, Identity> Identities = [];

    /// <summary>The type of a plugin.</summary>
    public static string Of(object plugin) => Identities.TryGetValue(plugin, out var identity) ? identity.Type : FromClass(plugin);

    /// <summary>The name that the configuration gives the instance; its type where it has none.</summary>
    public static string InstanceOf(object plugin) => Identities.TryGetValue(plugin, out var identity) ? identity.Name : FromClass(plugin);

    /// <summary>Remembers what a configuration says of a plugin, as long as it lives.</summary>
    public static void Set(object plugin, string type, string name) => Identities.AddOrUpdate(plugin, new(type, name));

    private static string FromClass(object plugin)
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

    private sealed record Identity(string Type, string Name);
}
