using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Inference.Grains.Tests.Fakes;

/// <summary>A grain factory whose grains a test makes.</summary>
/// <remarks>
/// What plays a grain is a plain object with the interface's methods that the test needs: a class that implements the interface would be a grain class to Orleans, in
/// every cluster of the test process.
/// </remarks>
public class FakeGrains : DispatchProxy
{
    private readonly ConcurrentDictionary<(Type, string), object> _grains = new();
    private Func<Type, string, object> _make = null!;

    public static IGrainFactory Of(Func<Type, string, object> make)
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory)._make = make;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case nameof(IGrainFactory.GetGrain) when args![0] is string key:
                return _grains.GetOrAdd((targetMethod.GetGenericArguments()[0], key), id => FakeGrain.Of(id.Item1, _make(id.Item1, id.Item2)));
            case nameof(IGrainFactory.CreateObjectReference):
                return args![0];
            case nameof(IGrainFactory.DeleteObjectReference):
                return null;
            default:
                throw new NotSupportedException(targetMethod.Name);
        }
    }
}
