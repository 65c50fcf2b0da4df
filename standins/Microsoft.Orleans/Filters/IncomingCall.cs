using System.Reflection;

namespace Orleans.Runtime;

/// <summary>A call on its way through the filters of the silo and of the grain to the method.</summary>
internal sealed class IncomingCall<TResult>(GrainCall<TResult> call, Activation activation) : IIncomingGrainCallContext
{
    private int _stage;

    public object Grain => activation.GrainInstance!;

    public GrainId? SourceId => call.Source?.GrainId;

    public GrainId TargetId => call.TargetId;

    public GrainInterfaceType InterfaceType => call.Reference.InterfaceType;

    public string InterfaceName => call.Reference.InterfaceName;

    public string MethodName => call.Method.Name;

    public MethodInfo InterfaceMethod => call.Method.Info;

    public Serialization.Invocation.IInvokable Request => call;

    public object? Result { get; set; }

    public IGrainContext TargetContext => activation;

    public MethodInfo ImplementationMethod
    {
        get
        {
            var map = Grain.GetType().GetInterfaceMap(call.Method.Info.DeclaringType!);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, call.Method.Info)];
        }
    }

    public async ValueTask<TResult> RunAsync()
    {
        await Invoke();
        return Result is null ? default! : (TResult)Result;
    }

    public async Task Invoke()
    {
        var filters = activation.Silo.IncomingFilters;
        var stage = _stage++;
        if (stage < filters.Length)
        {
            await filters[stage].Invoke(this);
        }
        else if (stage == filters.Length && Grain is IIncomingGrainCallFilter own)
        {
            await own.Invoke(this);
        }
        else
        {
            var result = await call.TypedMethod.Invoke(Grain, call.Arguments);
            Result = result is NoResult ? null : result;
        }
    }
}
