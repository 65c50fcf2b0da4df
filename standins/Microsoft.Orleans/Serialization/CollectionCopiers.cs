using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;

namespace Orleans.Serialization;

/// <summary>The collections of the platform that have serialisers.</summary>
internal static class CollectionCopiers
{
    private static readonly Dictionary<Type, string> Makers = new()
    {
        [typeof(List<>)] = nameof(List),
        [typeof(Dictionary<,>)] = nameof(Dictionary),
        [typeof(HashSet<>)] = nameof(HashSet),
        [typeof(SortedSet<>)] = nameof(SortedSet),
        [typeof(SortedDictionary<,>)] = nameof(SortedDictionary),
        [typeof(SortedList<,>)] = nameof(SortedList),
        [typeof(Queue<>)] = nameof(Queue),
        [typeof(Stack<>)] = nameof(Stack),
        [typeof(Collection<>)] = nameof(Collection),
        [typeof(ReadOnlyCollection<>)] = nameof(ReadOnlyCollection),
        [typeof(ReadOnlyDictionary<,>)] = nameof(ReadOnlyDictionary),
        [typeof(ConcurrentDictionary<,>)] = nameof(ConcurrentDictionary),
        [typeof(ConcurrentQueue<>)] = nameof(ConcurrentQueue),
        [typeof(ImmutableArray<>)] = nameof(ImmutableArray),
        [typeof(ImmutableList<>)] = nameof(ImmutableList),
        [typeof(ImmutableHashSet<>)] = nameof(ImmutableHashSet),
        [typeof(ImmutableSortedSet<>)] = nameof(ImmutableSortedSet),
        [typeof(ImmutableDictionary<,>)] = nameof(ImmutableDictionary),
        [typeof(ImmutableSortedDictionary<,>)] = nameof(ImmutableSortedDictionary),
        [typeof(ImmutableQueue<>)] = nameof(ImmutableQueue),
        [typeof(ImmutableStack<>)] = nameof(ImmutableStack),
    };

    public static ValueCopier? Find(Type type, bool throughWire)
    {
        if (!type.IsGenericType)
        {
            return null;
        }

        string? maker;
        if (BaseOf(type, typeof(FrozenDictionary<,>)) is { } frozenDictionary)
        {
            (type, maker) = (frozenDictionary, nameof(FrozenDictionary));
        }
        else if (BaseOf(type, typeof(FrozenSet<>)) is { } frozenSet)
        {
            (type, maker) = (frozenSet, nameof(FrozenSet));
        }
        else if (!Makers.TryGetValue(type.GetGenericTypeDefinition(), out maker))
        {
            return null;
        }

        return (ValueCopier)typeof(CollectionCopiers)
            .GetMethod(maker, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type.GetGenericArguments())
            .Invoke(null, [throughWire])!;
    }

    // Frozen collections are of classes that derive from the one that is named.
    private static Type? BaseOf(Type type, Type open)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.IsGenericType && t.GetGenericTypeDefinition() == open)
            {
                return t;
            }
        }

        return null;
    }

    private static ListCopier<T> List<T>(bool wire) => new(wire);

    private static DictionaryCopier<TKey, TValue> Dictionary<TKey, TValue>(bool wire)
        where TKey : notnull => new(wire);

    private static SequenceCopier<HashSet<T>, T> HashSet<T>(bool wire) => new(wire, false, (old, e) => new(e, old.Comparer));

    private static SequenceCopier<SortedSet<T>, T> SortedSet<T>(bool wire) => new(wire, false, (old, e) => new(e, old.Comparer));

    private static SequenceCopier<SortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> SortedDictionary<TKey, TValue>(bool wire)
        where TKey : notnull => new(wire, false, (old, e) => new(new Dictionary<TKey, TValue>(e), old.Comparer));

    private static SequenceCopier<SortedList<TKey, TValue>, KeyValuePair<TKey, TValue>> SortedList<TKey, TValue>(bool wire)
        where TKey : notnull => new(wire, false, (old, e) => new(new Dictionary<TKey, TValue>(e), old.Comparer));

    private static SequenceCopier<Queue<T>, T> Queue<T>(bool wire) => new(wire, false, (_, e) => new(e));

    private static SequenceCopier<Stack<T>, T> Stack<T>(bool wire) => new(wire, false, (_, e) => new(e.Reverse()));

    private static SequenceCopier<Collection<T>, T> Collection<T>(bool wire) => new(wire, false, (_, e) => new(e.ToList()));

    private static SequenceCopier<ReadOnlyCollection<T>, T> ReadOnlyCollection<T>(bool wire) => new(wire, false, (_, e) => new(e.ToList()));

    private static SequenceCopier<ReadOnlyDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> ReadOnlyDictionary<TKey, TValue>(bool wire)
        where TKey : notnull => new(wire, false, (_, e) => new(new Dictionary<TKey, TValue>(e)));

    private static SequenceCopier<ConcurrentDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> ConcurrentDictionary<TKey, TValue>(bool wire)
        where TKey : notnull => new(wire, false, (old, e) => new(e, old.Comparer));

    private static SequenceCopier<ConcurrentQueue<T>, T> ConcurrentQueue<T>(bool wire) => new(wire, false, (_, e) => new(e));

    private static ImmutableArrayCopier<T> ImmutableArray<T>(bool wire) => new(wire);

    private static SequenceCopier<ImmutableList<T>, T> ImmutableList<T>(bool wire) => new(wire, true, (_, e) => [.. e]);

    private static SequenceCopier<ImmutableHashSet<T>, T> ImmutableHashSet<T>(bool wire) =>
        new(wire, true, (old, e) => e.ToImmutableHashSet(old.KeyComparer));

    private static SequenceCopier<ImmutableSortedSet<T>, T> ImmutableSortedSet<T>(bool wire) =>
        new(wire, true, (old, e) => e.ToImmutableSortedSet(old.KeyComparer));

    private static SequenceCopier<ImmutableDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> ImmutableDictionary<TKey, TValue>(bool wire)
        where TKey : notnull => new(wire, true, (old, e) => e.ToImmutableDictionary(old.KeyComparer, old.ValueComparer));

    private static SequenceCopier<ImmutableSortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>
        ImmutableSortedDictionary<TKey, TValue>(bool wire)
        where TKey : notnull => new(wire, true, (old, e) => e.ToImmutableSortedDictionary(old.KeyComparer, old.ValueComparer));

    private static SequenceCopier<ImmutableQueue<T>, T> ImmutableQueue<T>(bool wire) => new(wire, true, (_, e) => [.. e]);

    private static SequenceCopier<ImmutableStack<T>, T> ImmutableStack<T>(bool wire) =>
        new(wire, true, (_, e) => System.Collections.Immutable.ImmutableStack.CreateRange(e.Reverse()));

    private static SequenceCopier<FrozenDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> FrozenDictionary<TKey, TValue>(bool wire)
        where TKey : notnull => new(wire, true, (old, e) => e.ToFrozenDictionary(old.Comparer));

    private static SequenceCopier<FrozenSet<T>, T> FrozenSet<T>(bool wire) => new(wire, true, (old, e) => e.ToFrozenSet(old.Comparer));
}
