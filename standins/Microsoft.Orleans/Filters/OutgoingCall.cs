using System.Reflection;

namespace Orleans.Runtime;

/// <summary>A call on its way through the caller's filters.</summary>
internal sealed class OutgoingCall<TResult>(Node sender, GrainCall<TResult> call) : IOutgoingGrainCallContext
{
    private int _stage;

    public object Grain => call.Reference;

    public GrainId? SourceId => call.Source?.GrainId;

    public GrainId TargetId => call.TargetId;

    public GrainInterfaceType InterfaceType => call.Reference.InterfaceType;

    public string InterfaceName => call.Reference.InterfaceName;

    public string MethodName => call.Method.Name;

    public MethodInfo InterfaceMethod => call.Method.Info;

    public Serialization.Invocation.IInvokable Request => call;

    public object? Result { get; set; }

    public IGrainContext? SourceContext => call.Source;

    public async Task<TResult> RunAsync()
    {
        await Invoke();
        return Result is null ? default! : (TResult)Result;
    }

    public async Task Invoke()
    {
        var filters = sender.OutgoingFilters;
        var stage = _stage++;
        if (stage < filters.Length)
        {
            await filters[stage].Invoke(this);
            return;
        }

        var result = await sender.SendUnfiltered(call);
        Result = result is NoResult ? null : result;
    }
}
