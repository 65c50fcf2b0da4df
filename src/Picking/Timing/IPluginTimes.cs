namespace Orleans.Inference.Picking.Timing;

/// <summary>Takes how long plugins took. Safe from any thread.</summary>
public interface IPluginTimes
{
    /// <summary>One plugin has run for one request.</summary>
    /// <param name="extensionPoint">What it was called for: <c>Filter</c>, <c>Scorer</c> or <c>Picker</c>.</param>
    /// <param name="type">The plugin's type, as configurations name it.</param>
    /// <param name="name">Its name in the configuration; its type where it has none.</param>
    void Took(string extensionPoint, string type, string name, TimeSpan time);
}
