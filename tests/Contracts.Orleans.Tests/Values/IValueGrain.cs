using Orleans.Concurrency;

namespace Orleans.Inference.OrleansContracts.Values;

public interface IValueGrain : IGrainWithStringKey
{
    Task<object?> Echo(object? value);

    Task Keep(Mutable value);

    Task<Mutable> Kept();

    Task KeepAll(Mutable first, Mutable second);

    Task<bool> KeptAreOne();

    /// <summary>Sends its own value to a grain beside it, which changes it; answers what its own is then.</summary>
    Task<int> SendToOneThatChangesIt(string other);

    Task Change(Mutable value);

    /// <summary>Whether a grain beside it is given the very object that it sends.</summary>
    Task<bool> SharesImmutableType(string other);

    Task<bool> SharesImmutableParameter(string other);

    Task<bool> SharesImmutableWrapper(string other);

    Task<bool> SharesMutable(string other);

    Task<bool> IsLastOffered(Frozen value);

    Task<bool> IsLastOfferedList([Immutable] List<int> value);

    Task<bool> IsLastOfferedWrapped(Immutable<List<int>> value);

    Task<bool> IsLastOfferedMutable(Mutable value);

    Task Throw(string kind);

    ValueTask<int> ThrowFromValueTask();

    Task ThrowFromNext(string other, string kind);
}
