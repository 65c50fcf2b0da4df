using System.Collections.Concurrent;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Work from other threads that waits for its connection's turn. Allocates nothing for states that are reference types.</summary>
internal sealed class Http2TurnQueue
{
    private readonly ConcurrentQueue<Item> _items = new();

    public bool IsEmpty => _items.IsEmpty;

    public void Add<TState>(ITurnMember member, Action<TState> action, TState state) =>
        _items.Enqueue(new Item(member, action, state, Invoker<TState>.Run));

    /// <summary>Runs what is there now; what that adds is left for the next time. True when there is more.</summary>
    public bool Run()
    {
        for (var count = _items.Count; count > 0 && _items.TryDequeue(out var item); count--)
        {
            if (!item.Member.IsOver)
            {
                item.Run(item.Action, item.State);
            }
        }

        return !_items.IsEmpty;
    }

    private readonly record struct Item(ITurnMember Member, object Action, object? State, Action<object, object?> Run);

    private static class Invoker<TState>
    {
        public static readonly Action<object, object?> Run = (action, state) => ((Action<TState>)action)((TState)state!);
    }
}
