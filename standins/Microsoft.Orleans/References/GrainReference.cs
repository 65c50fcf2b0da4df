using System.Reflection;

namespace Orleans.Runtime;

/// <summary>The handle of a grain or an observer. Its proxy type, made once for each interface, turns method calls into messages.</summary>
public abstract class GrainReference : DispatchProxy, IAddressable, IEquatable<GrainReference>
{
    private protected GrainReference()
    {
    }

    public GrainId GrainId { get; private set; }

    public GrainInterfaceType InterfaceType => Interface.InterfaceType;

    public string InterfaceName => InterfaceType.ToString();

    internal Node Node { get; private set; } = null!;

    internal GrainInterface Interface { get; private set; } = null!;

    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable => (TGrainInterface)(object)CastTo(typeof(TGrainInterface));

    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public sealed override string ToString() => $"GrainReference:{GrainId}:{InterfaceType}";

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1 is null ? reference2 is null : reference1.Equals(reference2);

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    internal static GrainReference Create(Node node, GrainInterface grainInterface, GrainId id) =>
        grainInterface.Template.Bind(node, grainInterface, id);

    internal GrainReference CastTo(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : Create(Node, GrainInterface.Of(interfaceType), GrainId);

    internal GrainReference BindTo(Node node) => ReferenceEquals(node, Node) ? this : Create(node, Interface, GrainId);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = Interface.Method(targetMethod!);

        // Inside a turn the caller is the activation's silo, whoever made this reference.
        return method.Call(RuntimeContext.Current?.Silo ?? Node, this, args ?? []);
    }

    private GrainReference Bind(Node node, GrainInterface grainInterface, GrainId id)
    {
        // Cloning a ready proxy costs a fraction of constructing one through reflection.
        var clone = (GrainReference)MemberwiseClone();
        clone.Node = node;
        clone.Interface = grainInterface;
        clone.GrainId = id;
        return clone;
    }
}
