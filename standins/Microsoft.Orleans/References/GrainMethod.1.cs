using System.Linq.Expressions;
using System.Reflection;
using Orleans.Serialization;

namespace Orleans.Runtime;

internal sealed class GrainMethod<TResult> : GrainMethod
{
    private readonly Func<object, object?[], ValueTask<TResult>> _invoke;
    private readonly Func<Task<TResult>, object?> _wrap;
    private readonly ValueCopier<TResult>? _resultCopier;
    private readonly ValueCopier<TResult> _wireCopier;

    public GrainMethod(MethodInfo method)
        : base(method)
    {
        _invoke = CompileInvoke(method);
        _wrap = WrapperFor(method.ReturnType);
        var copier = Copiers.For<TResult>(throughWire: false);
        _resultCopier = IsResultImmutable || copier.IsShallow ? null : copier;
        _wireCopier = Copiers.For<TResult>(throughWire: true);
    }

    public override object? Call(Node sender, GrainReference target, object?[] arguments)
    {
        var token = CancellationTokenIndex >= 0 ? (CancellationToken)arguments[CancellationTokenIndex]! : default;
        if (token.IsCancellationRequested)
        {
            return _wrap(Task.FromCanceled<TResult>(token));
        }

        CopyArguments(arguments);
        var call = new GrainCall<TResult>(sender, this, target, arguments, token);
        return _wrap(sender.Send(call));
    }

    public ValueTask<TResult> Invoke(object target, object?[] arguments) => _invoke(target, arguments);

    /// <summary>A copy of a result that the caller may keep.</summary>
    public TResult CopyResult(TResult result, Node? destination)
    {
        if (_resultCopier is { } copier)
        {
            using var context = CopyContext.Rent(null);
            result = copier.Copy(result, context);
        }

        if (destination is null)
        {
            return result;
        }

        using var wireContext = CopyContext.Rent(destination);
        return _wireCopier.Copy(result, wireContext);
    }

    private static Func<Task<TResult>, object?> WrapperFor(Type returned)
    {
        if (returned == typeof(void))
        {
            return static _ => null;
        }

        if (returned == typeof(ValueTask))
        {
            return static task => new ValueTask(task);
        }

        return returned.IsValueType ? static task => new ValueTask<TResult>(task) : static task => task;
    }

    private static Func<object, object?[], ValueTask<TResult>> CompileInvoke(MethodInfo method)
    {
        var target = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object[]));
        var call = Expression.Call(
            Expression.Convert(target, method.DeclaringType!),
            method,
            method.GetParameters().Select((p, i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType)));
        Expression body;
        if (method.ReturnType == typeof(void))
        {
            body = Expression.Block(call, Expression.Default(typeof(ValueTask<TResult>)));
        }
        else if (method.ReturnType == typeof(ValueTask<TResult>))
        {
            body = call;
        }
        else if (method.ReturnType == typeof(Task<TResult>))
        {
            body = Expression.New(typeof(ValueTask<TResult>).GetConstructor([typeof(Task<TResult>)])!, call);
        }
        else
        {
            var adapter = method.ReturnType == typeof(Task) ? nameof(FromTask) : nameof(FromValueTask);
            body = Expression.Call(typeof(GrainMethod<TResult>), adapter, null, call);
        }

        return Expression.Lambda<Func<object, object?[], ValueTask<TResult>>>(body, target, arguments).Compile();
    }

    private static ValueTask<TResult> FromTask(Task task) => FromValueTask(new ValueTask(task));

    private static ValueTask<TResult> FromValueTask(ValueTask task)
    {
        return task.IsCompletedSuccessfully ? default : Await(task);

        static async ValueTask<TResult> Await(ValueTask task)
        {
            await task;
            return default!;
        }
    }
}
