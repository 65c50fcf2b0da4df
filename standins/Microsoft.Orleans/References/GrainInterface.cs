using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Runtime;

/// <summary>What is known of one grain or observer interface.</summary>
internal sealed class GrainInterface
{
    private static readonly ConcurrentDictionary<Type, GrainInterface> Known = new();

    private readonly ConcurrentDictionary<MethodInfo, GrainMethod> _methods = new();
    private readonly Lazy<GrainReference> _template;

    private GrainInterface(Type type)
    {
        if (!type.IsInterface || !typeof(IAddressable).IsAssignableFrom(type))
        {
            throw new ArgumentException($"{type} is not a grain interface: it must be an interface that extends {nameof(IAddressable)}.");
        }

        Type = type;
        InterfaceType = GrainInterfaceType.Create(type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName ?? type.Name);
        _template = new(() => (GrainReference)DispatchProxy.Create(type, typeof(GrainProxy)));
    }

    public Type Type { get; }

    public GrainInterfaceType InterfaceType { get; }

    public GrainReference Template => _template.Value;

    public static GrainInterface Of(Type type) => Known.TryGetValue(type, out var known) ? known : Known.GetOrAdd(type, t => new(t));

    public static GrainInterface? Find(GrainInterfaceType interfaceType) =>
        Known.Values.FirstOrDefault(i => i.InterfaceType == interfaceType);

    public GrainMethod Method(MethodInfo method) =>
        _methods.TryGetValue(method, out var known) ? known : _methods.GetOrAdd(method, GrainMethod.For);
}
