using System.Reflection;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>One method of a grain interface: how it is called, and how its arguments are copied.</summary>
internal abstract class GrainMethod
{
    private readonly ValueCopier?[] _argumentCopiers;
    private readonly Type[] _parameterTypes;

    protected GrainMethod(MethodInfo method)
    {
        Info = method;
        Name = method.Name;
        var parameters = method.GetParameters();
        _parameterTypes = [.. parameters.Select(p => p.ParameterType)];
        _argumentCopiers = [.. parameters.Select(CopierOf)];
        CancellationTokenIndex = Array.IndexOf(_parameterTypes, typeof(CancellationToken));
        ReturnsVoid = method.ReturnType == typeof(void);
        IsOneWay = ReturnsVoid || method.IsDefined(typeof(OneWayAttribute));
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        IsAlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        IsResultImmutable = method.ReturnParameter.IsDefined(typeof(ImmutableAttribute));
    }

    public MethodInfo Info { get; }

    public string Name { get; }

    public bool IsOneWay { get; }

    public bool IsReadOnly { get; }

    public bool IsAlwaysInterleave { get; }

    public TimeSpan? ResponseTimeout { get; }

    /// <summary>Which parameter is the cancellation token; -1 when there is none.</summary>
    public int CancellationTokenIndex { get; }

    protected bool ReturnsVoid { get; }

    protected bool IsResultImmutable { get; }

    public static GrainMethod For(MethodInfo method)
    {
        var returned = method.ReturnType;
        Type result;
        if (returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask))
        {
            result = typeof(NoResult);
        }
        else if (returned.IsGenericType && returned.GetGenericTypeDefinition() is var open
            && (open == typeof(Task<>) || open == typeof(ValueTask<>)))
        {
            result = returned.GetGenericArguments()[0];
        }
        else
        {
            throw new NotSupportedException(
                $"{method.DeclaringType}.{method.Name} returns {returned}. The stand-in for Orleans calls methods that return void, Task, "
                + "Task<T>, ValueTask or ValueTask<T>.");
        }

        return (GrainMethod)Activator.CreateInstance(typeof(GrainMethod<>).MakeGenericType(result), method)!;
    }

    /// <summary>Sends the call and gives what the interface's method returns.</summary>
    public abstract object? Call(Node sender, GrainReference target, object?[] arguments);

    /// <summary>Replaces the arguments by copies that the callee may keep.</summary>
    /// <exception cref="CodecNotFoundException">A type has no serialiser.</exception>
    public void CopyArguments(object?[] arguments)
    {
        using var context = CopyContext.Rent(null);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (_argumentCopiers[i] is { } copier)
            {
                arguments[i] = copier.CopyBoxed(arguments[i], context);
            }
        }
    }

    /// <summary>Replaces the arguments by copies in which nothing is shared, as if they had been written and read.</summary>
    public void CopyArgumentsTo(Node destination, object?[] arguments)
    {
        using var context = CopyContext.Rent(destination);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (i != CancellationTokenIndex)
            {
                arguments[i] = Copiers.For(_parameterTypes[i], throughWire: true).CopyBoxed(arguments[i], context);
            }
        }
    }

    private static ValueCopier? CopierOf(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(CancellationToken) || parameter.IsDefined(typeof(ImmutableAttribute)))
        {
            return null;
        }

        var copier = Copiers.For(parameter.ParameterType, throughWire: false);
        return copier.IsShallow ? null : copier;
    }
}
