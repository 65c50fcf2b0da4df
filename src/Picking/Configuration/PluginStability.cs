namespace Orleans.Inference.Picking.Configuration;

/// <summary>How settled a type of plugin is.</summary>
public enum PluginStability
{
    /// <summary>Known to the reference picker, in common use.</summary>
    Beta,

    /// <summary>Known to the reference picker as experimental; needs <c>--allow-experimental-plugins</c>.</summary>
    Alpha,

    /// <summary>An older name; taken with a warning.</summary>
    Deprecated,

    /// <summary>Not one of the reference picker's: ours, or a third party's.</summary>
    Own,
}
