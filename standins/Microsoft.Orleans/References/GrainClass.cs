using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>What is known of one grain class.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _factory;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? DefaultName(type));
        Placement = type.GetCustomAttribute<PlacementAttribute>()?.PlacementStrategy ?? ResourceOptimizedPlacement.Singleton;
        MaxLocalWorkers = (Placement as StatelessWorkerPlacement)?.MaxLocal ?? 0;
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        MayInterleave = MayInterleaveOf(type);
        var ageLimit = type.GetCustomAttribute<CollectionAgeLimitAttribute>();
        IsKeptAlive = type.IsDefined(typeof(KeepAliveAttribute)) || ageLimit is { AlwaysActive: true };
        CollectionAge = ageLimit?.AgeLimit;
        _factory = ActivatorUtilities.CreateFactory(type, []);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public PlacementStrategy Placement { get; }

    /// <summary>How many activations of one stateless worker a silo may have; 0 for an ordinary grain.</summary>
    public int MaxLocalWorkers { get; }

    public bool IsReentrant { get; }

    public Func<IInvokable, bool>? MayInterleave { get; }

    public bool IsKeptAlive { get; }

    public TimeSpan? CollectionAge { get; }

    public object CreateInstance(IServiceProvider services) => _factory(services, []);

    private static string DefaultName(Type type)
    {
        const string Suffix = "grain";
        var name = type.Name.ToLowerInvariant();
        return name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name[..^Suffix.Length] : name;
    }

    private static Func<IInvokable, bool>? MayInterleaveOf(Type type)
    {
        if (type.GetCustomAttribute<MayInterleaveAttribute>()?.CallbackMethodName is not { } name)
        {
            return null;
        }

        var method = type.GetMethod(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(IInvokable)])
            ?? throw new InvalidOperationException($"{type} has no static method {name}({nameof(IInvokable)}), which its [MayInterleave] names.");
        return method.CreateDelegate<Func<IInvokable, bool>>();
    }
}
