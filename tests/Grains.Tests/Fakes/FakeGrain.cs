using System.Reflection;

namespace Orleans.Inference.Grains.Tests.Fakes;

/// <summary>Hands the calls of a grain interface to the methods of the same name of another object.</summary>
public class FakeGrain : DispatchProxy
{
    private object _target = null!;

    public static object Of(Type grainInterface, object target)
    {
        var grain = Create(grainInterface, typeof(FakeGrain));
        ((FakeGrain)grain)._target = target;
        return grain;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = _target.GetType().GetMethod(targetMethod!.Name) ?? throw new NotSupportedException($"{_target.GetType().Name} has no {targetMethod.Name}");
        return method.Invoke(_target, BindingFlags.DoNotWrapExceptions, null, args, null);
    }
}
