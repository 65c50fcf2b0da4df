using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Serialization;

/// <summary>
/// Finds the copier of a type. There are two kinds: within a silo what is immutable is shared; through the wire all is copied that a
/// serialiser would write and read, so that types without a serialiser fail here as they would there.
/// </summary>
internal static class Copiers
{
    private static readonly ConcurrentDictionary<Type, ValueCopier> Local = new();
    private static readonly ConcurrentDictionary<Type, ValueCopier> Wire = new();

    private static readonly HashSet<Type> SharedTypes =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Guid), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(Uri), typeof(Version), typeof(IPAddress),
        typeof(IPEndPoint), typeof(CultureInfo), typeof(CancellationToken), typeof(NoResult), typeof(SiloAddress), typeof(GrainId),
        typeof(GrainType), typeof(GrainInterfaceType), typeof(IdSpan),
    ];

    public static ValueCopier<T> For<T>(bool throughWire) => (ValueCopier<T>)For(typeof(T), throughWire);

    public static ValueCopier For(Type type, bool throughWire)
    {
        var known = throughWire ? Wire : Local;
        return known.TryGetValue(type, out var copier) ? copier : known.GetOrAdd(type, Make(type, throughWire));
    }

    internal static bool HasSerializer(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    private static ValueCopier Make(Type type, bool throughWire)
    {
        if (IsShared(type))
        {
            return New(typeof(SharedCopier<>), type);
        }

        if (typeof(IAddressable).IsAssignableFrom(type) && (type.IsInterface || typeof(GrainReference).IsAssignableFrom(type)))
        {
            return New(typeof(GrainReferenceCopier<>), type);
        }

        if (!throughWire && IsImmutable(type))
        {
            return New(typeof(SharedCopier<>), type);
        }

        if (type.IsArray)
        {
            return type.IsSZArray
                ? New(typeof(ArrayCopier<>), type.GetElementType()!, throughWire)
                : New(typeof(MultiDimensionalArrayCopier<>), type, throughWire);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return New(typeof(NullableCopier<>), underlying, throughWire);
        }

        if (CollectionCopiers.Find(type, throughWire) is { } collection)
        {
            return collection;
        }

        if (type.IsInterface || type.IsAbstract || type == typeof(object))
        {
            return New(typeof(PolymorphicCopier<>), type, throughWire);
        }

        if (HasSerializer(type) || IsTuple(type))
        {
            return New(type.IsValueType ? typeof(StructCopier<>) : typeof(ObjectCopier<>), type, throughWire);
        }

        return New(typeof(MissingCopier<>), type);
    }

    private static bool IsShared(Type type) =>
        type.IsPrimitive || type.IsEnum || SharedTypes.Contains(type) || typeof(Exception).IsAssignableFrom(type)
        || typeof(Type).IsAssignableFrom(type);

    private static bool IsImmutable(Type type) =>
        type.IsDefined(typeof(ImmutableAttribute), inherit: false)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Immutable<>));

    private static bool IsTuple(Type type) =>
        type.IsGenericType
        && (type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) || typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type))
        && type.Namespace!.StartsWith("System", StringComparison.Ordinal);

    private static ValueCopier New(Type open, Type argument, params object[] arguments) => (ValueCopier)Activator.CreateInstance(
        open.MakeGenericType(argument), BindingFlags.Instance | BindingFlags.Public, null, arguments, CultureInfo.InvariantCulture)!;
}
