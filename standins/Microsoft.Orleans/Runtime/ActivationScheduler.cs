using System.Diagnostics;

namespace Orleans.Runtime;

/// <summary>
/// Runs the tasks of one activation one after the other, on threads of the pool. It is the current task scheduler within a turn, so an
/// awaiting method continues in a turn of the same activation.
/// </summary>
internal sealed class ActivationScheduler(Activation activation) : TaskScheduler, IThreadPoolWorkItem, IWorkItemScheduler
{
    // Then it is the turn of other activations.
    private static readonly TimeSpan Quantum = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Queue<Task> _tasks = new();
    private bool _isQueued;

    public override int MaximumConcurrencyLevel => 1;

    public void QueueAction(Action action)
    {
        // A turn starts without its sender's ambient state.
        var suppressed = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        try
        {
            new Task(action).Start(this);
        }
        finally
        {
            suppressed.Dispose();
        }
    }

    public void QueueAction(Action<object> action, object state) => QueueAction(() => action(state));

    void IWorkItemScheduler.QueueTask(Task task) => task.Start(this);

    void IThreadPoolWorkItem.Execute()
    {
        var started = Stopwatch.GetTimestamp();
        var outer = RuntimeContext.Current;
        RuntimeContext.Current = activation;
        try
        {
            while (true)
            {
                Task? task;
                lock (_gate)
                {
                    if (!_tasks.TryDequeue(out task))
                    {
                        _isQueued = false;
                        return;
                    }
                }

                TryExecuteTask(task);
                if (Stopwatch.GetElapsedTime(started) > Quantum)
                {
                    break;
                }
            }
        }
        finally
        {
            RuntimeContext.Current = outer;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            _tasks.Enqueue(task);
            if (_isQueued)
            {
                return;
            }

            _isQueued = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(RuntimeContext.Current, activation) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _tasks];
        }
    }
}
