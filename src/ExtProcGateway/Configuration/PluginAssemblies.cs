using System.Reflection;
using System.Runtime.Loader;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>Loads plugins of third parties: assemblies with a public <see cref="IPluginModule"/>.</summary>
internal static class PluginAssemblies
{
    /// <summary>Adds what the assembly at <paramref name="path"/> registers. Answers what is wrong with it; null where nothing is.</summary>
    public static string? AddTo(PluginRegistry registry, string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            var modules = new PluginLoadContext(full).LoadFromAssemblyPath(full).GetExportedTypes()
                .Where(type => type.IsAssignableTo(typeof(IPluginModule)) && type is { IsAbstract: false, IsInterface: false })
                .ToList();
            foreach (var module in modules)
            {
                ((IPluginModule)Activator.CreateInstance(module)!).Register(registry);
            }

            return modules.Count == 0 ? $"{path} has no public {nameof(IPluginModule)}" : null;
        }
#pragma warning disable CA1031 // Whatever keeps somebody's assembly from registering, the start is refused with its message.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return $"{path} can't be loaded: {(exception is TargetInvocationException { InnerException: { } inner } ? inner : exception).Message}";
        }
    }

    /// <summary>What the assembly brings beside itself is found there; what the process has is the process's own, so that both mean the same types.</summary>
    private sealed class PluginLoadContext(string path) : AssemblyLoadContext(Path.GetFileName(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (Default.Assemblies.Any(loaded => loaded.GetName().Name == assemblyName.Name) || assemblyName.Name!.StartsWith("Orleans.Inference.", StringComparison.Ordinal))
            {
                return null;
            }

            return _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
        }
    }
}
