namespace Orleans.Runtime;

/// <summary>What a call is sent to: an activation, a silo's stateless workers, or a client's observer.</summary>
internal interface ICallTarget
{
    /// <summary>False when it is gone and the call must find another target.</summary>
    bool TryEnqueue(RequestCall call);

    /// <summary>The caller waits no longer: the call is dropped if it waits, its token is cancelled if it runs.</summary>
    void Cancel(RequestCall call);
}
