using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>A call of a method through a reference.</summary>
internal abstract class RequestCall : GrainCall, IInvokable
{
    private int _completed;
    private int _forwards;
    private CancellationTokenRegistration _registration;
    private CancellationTokenSource? _calleeCancellation;
    private ICallTarget? _target;
    private bool _isCalleeCancelled;

    protected RequestCall(Node sender, GrainMethod method, GrainReference reference, object?[] arguments, CancellationToken token)
    {
        Sender = sender;
        Source = RuntimeContext.Current;
        Method = method;
        Reference = reference;
        Arguments = arguments;
        CallerToken = token;
        IsAlwaysInterleave = method.IsAlwaysInterleave;
        IsReadOnly = method.IsReadOnly;
    }

    public Node Sender { get; }

    /// <summary>The activation that calls; null for a client.</summary>
    public Activation? Source { get; }

    public GrainMethod Method { get; }

    public GrainReference Reference { get; }

    public GrainId TargetId => Reference.GrainId;

    public object?[] Arguments { get; }

    /// <summary>The sender's timestamp after which it waits no longer.</summary>
    public long Deadline { get; set; }

    public TimeSpan Timeout { get; set; }

    /// <summary>Neighbours in the sender's <see cref="PendingCalls"/>.</summary>
    public RequestCall? NextPending { get; set; }

    public RequestCall? PreviousPending { get; set; }

    public bool IsPending { get; set; }

    public override bool IsAbandoned => _completed != 0 && !Method.IsOneWay;

    public override IInvokable Request => this;

    protected CancellationToken CallerToken { get; }

    public int GetArgumentCount() => Arguments.Length;

    public object? GetArgument(int index) => Arguments[index];

    public void SetArgument(int index, object value) => Arguments[index] = value;

    public string GetMethodName() => Method.Name;

    public string GetInterfaceName() => Reference.InterfaceName;

    public MethodInfo GetMethod() => Method.Info;

    public Type GetInterfaceType() => Reference.Interface.Type;

    public override string ToString() => $"Request [{Source?.GrainId.ToString() ?? Sender.Name} -> {TargetId}] {Reference.Interface.Type.Name}.{Method.Name}";

    /// <summary>The caller's token is followed from now on.</summary>
    public void ObserveCallerToken()
    {
        if (CallerToken.CanBeCanceled)
        {
            _registration = CallerToken.UnsafeRegister(static state => ((RequestCall)state!).OnCallerCancelled(), this);
            if (_completed != 0)
            {
                _registration.Dispose();
            }
        }
    }

    /// <summary>Takes the call to its target: called once for each target it is sent to.</summary>
    public void ArriveAt(ICallTarget target, Node node)
    {
        _target = target;
        if (!ReferenceEquals(node, Sender))
        {
            Method.CopyArgumentsTo(node, Arguments);
        }

        var index = Method.CancellationTokenIndex;
        if (index >= 0 && CallerToken.CanBeCanceled && _calleeCancellation is null)
        {
            var cancellation = new CancellationTokenSource();
            Arguments[index] = cancellation.Token;
            Volatile.Write(ref _calleeCancellation, cancellation);
        }
    }

    public override void Forward(int maxForwards)
    {
        if (_forwards++ >= maxForwards)
        {
            Fail(new OrleansMessageRejectionException($"{this} was forwarded {maxForwards} times and found no activation that took it."));
        }
        else if (!Sender.TryRoute(this))
        {
            Fail(new SiloUnavailableException($"{Sender.Name} left the cluster: {this} goes nowhere."));
        }
    }

    public void CaptureRequestContext() => RequestContext = Runtime.RequestContext.Current;

    /// <summary>Runs it on an object that has no turns, to its end.</summary>
    public abstract Task ExecuteOnAsync(object target, Node callee);

    public void OnTimeout()
    {
        if (Sender.CancelRequestOnTimeout)
        {
            SignalCallee();
        }

        Fail(new TimeoutException($"Response did not arrive on time in {Timeout} for message: {this}."));
    }

    public override void CancelCallee()
    {
        if (!_isCalleeCancelled && Volatile.Read(ref _calleeCancellation) is { } cancellation)
        {
            _isCalleeCancelled = true;
            cancellation.Cancel();
        }
    }

    protected bool TryComplete()
    {
        if (Interlocked.Exchange(ref _completed, 1) != 0)
        {
            return false;
        }

        Sender.Pending.Remove(this);
        _registration.Dispose();
        return true;
    }

    private void OnCallerCancelled()
    {
        SignalCallee();
        if (!Sender.WaitForCancellationAcknowledgement)
        {
            Fail(new OperationCanceledException(CallerToken));
        }
    }

    private void SignalCallee() => _target?.Cancel(this);
}
