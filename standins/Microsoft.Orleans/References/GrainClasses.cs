using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;

namespace Orleans.Runtime;

/// <summary>The grain classes of this process: those of every assembly in reach that refers to Orleans.</summary>
internal static class GrainClasses
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Visited = [];
    private static readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainClass> Resolved = new();
    private static FrozenDictionary<GrainType, GrainClass> _byGrainType = FrozenDictionary<GrainType, GrainClass>.Empty;

    public static GrainClass Implementing(Type interfaceType, string? prefix)
    {
        if (Resolved.TryGetValue((interfaceType, prefix), out var known))
        {
            return known;
        }

        var found = Find(interfaceType, prefix);
        Resolved[(interfaceType, prefix)] = found;
        return found;
    }

    public static GrainClass? Named(GrainType grainType)
    {
        if (_byGrainType.TryGetValue(grainType, out var known))
        {
            return known;
        }

        Scan();
        return _byGrainType.GetValueOrDefault(grainType);
    }

    private static GrainClass Find(Type interfaceType, string? prefix)
    {
        Scan();
        GrainClass[] candidates =
        [
            .. _byGrainType.Values.Where(c => interfaceType.IsAssignableFrom(c.Type)
                && (string.IsNullOrWhiteSpace(prefix) || c.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal))),
        ];
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        // The class that the interface is named for, as in IPoolGrain and PoolGrain.
        var conventional = candidates.FirstOrDefault(c => c.Type.Namespace == interfaceType.Namespace && interfaceType.Name == $"I{c.Type.Name}");
        return conventional ?? throw new ArgumentException(candidates.Length == 0
            ? $"Could not find an implementation for interface {interfaceType}"
            : $"Unable to identify a single appropriate grain type for interface {interfaceType}. Candidates: "
                + string.Join(", ", candidates.Select(c => c.Type)));
    }

    private static void Scan()
    {
        lock (Gate)
        {
            var grains = new Dictionary<GrainType, GrainClass>(_byGrainType);
            var pending = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
            while (pending.TryDequeue(out var assembly))
            {
                if (assembly.IsDynamic || !Visited.Add(assembly.FullName!) || IsOfThePlatform(assembly.GetName()))
                {
                    continue;
                }

                foreach (var reference in assembly.GetReferencedAssemblies().Where(r => !IsOfThePlatform(r) && !Visited.Contains(r.FullName)))
                {
                    if (TryLoad(reference) is { } loaded)
                    {
                        pending.Enqueue(loaded);
                    }
                }

                AddClassesOf(assembly, grains);
            }

            _byGrainType = grains.ToFrozenDictionary();
        }
    }

    private static void AddClassesOf(Assembly assembly, Dictionary<GrainType, GrainClass> grains)
    {
        var orleans = typeof(GrainClasses).Assembly;
        if (assembly != orleans && assembly.GetReferencedAssemblies().All(r => r.Name != orleans.GetName().Name))
        {
            return;
        }

        foreach (var type in assembly.GetTypes())
        {
            if (type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
                && typeof(IGrain).IsAssignableFrom(type)
                && !typeof(GrainReference).IsAssignableFrom(type))
            {
                var grainClass = new GrainClass(type);
                if (!grains.TryAdd(grainClass.GrainType, grainClass))
                {
                    throw new InvalidOperationException(
                        $"{type} and {grains[grainClass.GrainType].Type} have the same grain type, {grainClass.GrainType}: "
                        + "tell them apart with [GrainType].");
                }
            }
        }
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (IOException)
        {
            // A reference that is not deployed has no grains.
            return null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static bool IsOfThePlatform(AssemblyName name) =>
        name.Name is { } text
        && (text.StartsWith("System.", StringComparison.Ordinal)
            || text.StartsWith("Microsoft.", StringComparison.Ordinal)
            || text is "System" or "mscorlib" or "netstandard");
}
