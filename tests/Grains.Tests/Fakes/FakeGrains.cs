using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Inference.Grains.Tests.Fakes;

/// <summary>A grain factory whose grains a test makes.</summary>
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
        if (targetMethod!.Name == nameof(IGrainFactory.CreateObjectReference))
        {
            return args![0];
        }

        if (targetMethod.Name == nameof(IGrainFactory.DeleteObjectReference))
        {
            return null;
        }

        if (targetMethod.Name != nameof(IGrainFactory.GetGrain) || args![0] is not string key)
        {
            throw new NotSupportedException(targetMethod.Name);
        }

        return _grains.GetOrAdd((targetMethod.GetGenericArguments()[0], key), id => _make(id.Item1, id.Item2));
    }
}
