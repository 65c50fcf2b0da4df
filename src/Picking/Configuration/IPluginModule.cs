namespace Orleans.Inference.Picking.Configuration;

/// <summary>The registration of an assembly's plugins: a public class with a constructor without parameters, found by <c>--plugin-assembly</c>.</summary>
public interface IPluginModule
{
    /// <summary>Adds the assembly's types of plugins.</summary>
    void Register(PluginRegistry registry);
}
