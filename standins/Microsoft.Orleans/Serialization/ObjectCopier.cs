using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Serialization;

internal sealed class ObjectCopier<T> : ValueCopier<T?>
    where T : class
{
    private readonly bool _throughWire;

    // Made at the first copy: a type may contain itself.
    private readonly Lazy<(CopyMembers Copy, ValueCopier[] Copiers)> _members;
    private readonly Func<T> _create;

    public ObjectCopier(bool throughWire)
    {
        _throughWire = throughWire;
        _members = new(() =>
        {
            var copy = new MemberPlan(typeof(T), throughWire).Compile<CopyMembers>(out var copiers);
            return (copy, copiers);
        });
        _create = Creator();
    }

    private delegate void CopyMembers(T source, T target, ValueCopier[] copiers, CopyContext context);

    public override T? Copy(T? value, CopyContext context)
    {
        if (value is null)
        {
            return null;
        }

        if (value.GetType() != typeof(T))
        {
            return (T?)Copiers.For(value.GetType(), _throughWire).CopyBoxed(value, context);
        }

        if (context.TryGet<T>(value, out var known))
        {
            return known;
        }

        var copy = _create();
        context.Add(value, copy);
        var (copyMembers, copiers) = _members.Value;
        copyMembers(value, copy, copiers, context);
        return copy;
    }

    private static Func<T> Creator()
    {
        var constructor = typeof(T).GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []);
        return constructor is null
            ? static () => (T)RuntimeHelpers.GetUninitializedObject(typeof(T))
            : Expression.Lambda<Func<T>>(Expression.New(constructor)).Compile();
    }
}
