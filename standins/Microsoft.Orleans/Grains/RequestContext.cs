namespace Orleans.Runtime;

public static class RequestContext
{
    internal const string CallChainKey = "#CCR";

    private static readonly AsyncLocal<Dictionary<string, object>?> CallContext = new();

    public static Guid ReentrancyId
    {
        get => Get(CallChainKey) is Guid id ? id : Guid.Empty;
        set
        {
            if (value == Guid.Empty)
            {
                Remove(CallChainKey);
            }
            else
            {
                Set(CallChainKey, value);
            }
        }
    }

    public static IEnumerable<string> Keys => CallContext.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries => CallContext.Value ?? [];

    // The dictionary is never changed once it is stored, so calls may share it.
    internal static Dictionary<string, object>? Current
    {
        get => CallContext.Value;
        set
        {
            if (!ReferenceEquals(CallContext.Value, value))
            {
                CallContext.Value = value;
            }
        }
    }

    public static object? Get(string key) => CallContext.Value?.GetValueOrDefault(key);

    public static void Set(string key, object value) =>
        CallContext.Value = CallContext.Value is { } old
            ? new Dictionary<string, object>(old) { [key] = value }
            : new Dictionary<string, object>(1) { [key] = value };

    public static bool Remove(string key)
    {
        if (CallContext.Value is not { } old || !old.ContainsKey(key))
        {
            return false;
        }

        var rest = new Dictionary<string, object>(old);
        rest.Remove(key);
        CallContext.Value = rest.Count > 0 ? rest : null;
        return true;
    }

    public static void Clear() => Current = null;

    public static ReentrancySection AllowCallChainReentrancy()
    {
        var original = ReentrancyId;
        return new ReentrancySection(original, original == Guid.Empty ? Guid.NewGuid() : original);
    }

    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _original;
        private readonly Guid _entered;

        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            _original = originalReentrancyId;
            _entered = newReentrancyId;
            if (_entered != _original)
            {
                ReentrancyId = _entered;
            }

            if (_entered != Guid.Empty)
            {
                RuntimeContext.Current?.EnterCallChain(_entered);
            }
        }

        public void Dispose()
        {
            if (_entered != Guid.Empty)
            {
                RuntimeContext.Current?.LeaveCallChain(_entered);
            }

            if (_entered != _original)
            {
                ReentrancyId = _original;
            }
        }
    }
}
