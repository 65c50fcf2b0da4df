namespace Orleans.Runtime;

internal sealed class GrainCall<TResult>(
    Node sender, GrainMethod<TResult> method, GrainReference reference, object?[] arguments, CancellationToken token)
    : RequestCall(sender, method, reference, arguments, token)
{
    private readonly TaskCompletionSource<TResult>? _completion =
        method.IsOneWay ? null : new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Response => _completion?.Task ?? Task.FromResult(default(TResult)!);

    public GrainMethod<TResult> TypedMethod => method;

    public override void Fail(Exception exception)
    {
        if (TryComplete())
        {
            _completion?.TrySetException(exception);
        }
    }

    public void Succeed(TResult result, Node callee)
    {
        try
        {
            result = method.CopyResult(result, ReferenceEquals(callee, Sender) ? null : Sender);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        if (TryComplete())
        {
            _completion?.TrySetResult(result);
        }
    }

    public override void Execute(Activation activation)
    {
        ValueTask<TResult> running;
        try
        {
            running = activation.HasIncomingFilters
                ? new IncomingCall<TResult>(this, activation).RunAsync()
                : method.Invoke(activation.GrainInstance!, Arguments);
        }
        catch (Exception exception)
        {
            Fail(exception);
            activation.OnExecuted(this);
            return;
        }

        if (running.IsCompletedSuccessfully)
        {
            Succeed(running.Result, activation.Silo);
            activation.OnExecuted(this);
        }
        else
        {
            _ = FinishAsync(running, activation);
        }
    }

    public override async Task ExecuteOnAsync(object target, Node callee)
    {
        try
        {
            Succeed(await method.Invoke(target, Arguments), callee);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private async Task FinishAsync(ValueTask<TResult> running, Activation activation)
    {
        try
        {
            Succeed(await running, activation.Silo);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        activation.OnExecuted(this);
    }
}
