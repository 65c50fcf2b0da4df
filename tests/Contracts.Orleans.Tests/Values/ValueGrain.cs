using Orleans.Concurrency;
using Orleans.Placement;

namespace Orleans.Inference.OrleansContracts.Values;

[PreferLocalPlacement]
internal sealed class ValueGrain : Grain, IValueGrain
{
    // What a grain sends, so that a grain of the same process can see whether it was given that object or a copy.
    private static object? _lastOffered;

    private Mutable _first = new();
    private Mutable _second = new();

    public Task<object?> Echo(object? value) => Task.FromResult(value);

    public Task Keep(Mutable value)
    {
        _first = value;
        return Task.CompletedTask;
    }

    public Task<Mutable> Kept() => Task.FromResult(_first);

    public Task KeepAll(Mutable first, Mutable second)
    {
        (_first, _second) = (first, second);
        return Task.CompletedTask;
    }

    public Task<bool> KeptAreOne() => Task.FromResult(ReferenceEquals(_first, _second));

    public async Task<int> SendToOneThatChangesIt(string other)
    {
        _first.Number = 1;
        await Other(other).Change(_first);
        return _first.Number;
    }

    public Task Change(Mutable value)
    {
        value.Number++;
        return Task.CompletedTask;
    }

    public Task<bool> SharesImmutableType(string other)
    {
        var value = Offer(new Frozen([1]));
        return Other(other).IsLastOffered(value);
    }

    public Task<bool> SharesImmutableParameter(string other)
    {
        var value = Offer(new List<int> { 1 });
        return Other(other).IsLastOfferedList(value);
    }

    public Task<bool> SharesImmutableWrapper(string other)
    {
        var value = Offer(new List<int> { 1 });
        return Other(other).IsLastOfferedWrapped(value.AsImmutable());
    }

    public Task<bool> SharesMutable(string other)
    {
        var value = Offer(new Mutable());
        return Other(other).IsLastOfferedMutable(value);
    }

    public Task<bool> IsLastOffered(Frozen value) => Task.FromResult(ReferenceEquals(value, _lastOffered));

    public Task<bool> IsLastOfferedList(List<int> value) => Task.FromResult(ReferenceEquals(value, _lastOffered));

    public Task<bool> IsLastOfferedWrapped(Immutable<List<int>> value) => Task.FromResult(ReferenceEquals(value.Value, _lastOffered));

    public Task<bool> IsLastOfferedMutable(Mutable value) => Task.FromResult(ReferenceEquals(value, _lastOffered));

    public Task Throw(string kind) => kind switch
    {
        "synchronous" => throw new InvalidOperationException("from the method itself"),
        "detailed" => Task.FromException(new DetailedException("outer", 7, new ArgumentException("inner"))),
        "cancelled" => Task.FromException(new OperationCanceledException("given up")),
        _ => Task.FromException(new ArgumentException(kind, nameof(kind))),
    };

    public async ValueTask<int> ThrowFromValueTask()
    {
        await Task.Yield();
        throw new FormatException("late");
    }

    public Task ThrowFromNext(string other, string kind) => Other(other).Throw(kind);

    private static T Offer<T>(T value)
    {
        _lastOffered = value;
        return value;
    }

    private IValueGrain Other(string key) => GrainFactory.GetGrain<IValueGrain>(key);
}
