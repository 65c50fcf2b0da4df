using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>An object of a client or silo that grains call through a reference. It is held weakly; its calls run one after the other.</summary>
internal sealed partial class LocalObserver(Node node, GrainId id, IGrainObserver observer) : ICallTarget
{
    private readonly WeakReference<IGrainObserver> _observer = new(observer);
    private readonly Lock _gate = new();
    private readonly Queue<RequestCall> _calls = new();
    private bool _isRunning;

    public Node Node => node;

    public bool TryEnqueue(RequestCall call)
    {
        call.ArriveAt(this, node);
        lock (_gate)
        {
            _calls.Enqueue(call);
            if (_isRunning)
            {
                return true;
            }

            _isRunning = true;
        }

        var suppressed = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        try
        {
            _ = Task.Factory.StartNew(
                RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        finally
        {
            suppressed.Dispose();
        }

        return true;
    }

    public void Cancel(RequestCall call) => ThreadPool.UnsafeQueueUserWorkItem(static c => c.CancelCallee(), call, preferLocal: false);

    private async Task RunAsync()
    {
        while (true)
        {
            RequestCall? call;
            lock (_gate)
            {
                if (!_calls.TryDequeue(out call))
                {
                    _isRunning = false;
                    return;
                }
            }

            if (!_observer.TryGetTarget(out var target))
            {
                // As with a message to an object that is gone: no one answers.
                LogGone(node.Logger, id, call);
                node.UnregisterObserver(id);
                continue;
            }

            if (!call.IsAbandoned)
            {
                RequestContext.Current = call.RequestContext;
                await call.ExecuteOnAsync(target, node);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Observer {Id} was garbage collected; {Call} is dropped.")]
    private static partial void LogGone(ILogger logger, GrainId id, RequestCall call);
}
