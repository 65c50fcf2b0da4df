using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>One message to an activation, from its sending to its response. A member of the queue it waits or runs in.</summary>
internal abstract class GrainCall
{
    /// <summary>Neighbours in the one <see cref="CallQueue"/> that holds this.</summary>
    internal GrainCall? Next { get; set; }

    internal GrainCall? Previous { get; set; }

    public bool IsAlwaysInterleave { get; protected init; }

    public bool IsReadOnly { get; protected init; }

    /// <summary>Belongs to its activation: dies with it instead of going to the next one.</summary>
    public bool IsLocalOnly { get; protected init; }

    /// <summary>Counts as use of the grain, so that it is not collected as idle.</summary>
    public bool IsKeepAlive { get; protected init; } = true;

    public Dictionary<string, object>? RequestContext { get; protected set; }

    /// <summary>No one waits for it any more: it need not run.</summary>
    public virtual bool IsAbandoned => false;

    public virtual IInvokable? Request => null;

    /// <summary>Runs it as part of a turn of the activation, which is told when it is over.</summary>
    public abstract void Execute(Activation activation);

    public abstract void Fail(Exception exception);

    /// <summary>Finds the grain's next activation, unless it has done so too often already.</summary>
    public abstract void Forward(int maxForwards);

    /// <summary>The call that made the token of the callee cancels it.</summary>
    public virtual void CancelCallee()
    {
    }
}
