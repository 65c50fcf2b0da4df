using Orleans.Concurrency;

namespace Orleans.Inference.OrleansContracts.Calls;

public interface ICallGrain : IGrainWithStringKey
{
    /// <summary>Waits until its token is cancelled, and notes that it was.</summary>
    Task WaitForCancellation(CancellationToken cancellationToken);

    Task<int> AddUnlessCancelled(int number, CancellationToken cancellationToken);

    /// <summary>Calls the other grain with the token that it was given.</summary>
    Task PassOn(string other, CancellationToken cancellationToken);

    [AlwaysInterleave]
    Task<bool> IsWaiting();

    [AlwaysInterleave]
    Task<bool> WasCancelled();

    [AlwaysInterleave]
    Task<int> Sum();

    Task WaitAtGate();

    [ResponseTimeout("00:00:01")]
    Task WaitAtGateForASecond();

    [AlwaysInterleave]
    Task OpenGate();

    [OneWay]
    Task WaitAtGateOneWay();

    [OneWay]
    Task ThrowOneWay();

    Task<string?> ContextValue(string key);

    Task<string?> ContextValueOfNext(string other, string key);

    Task SetContextValue(string key, string value);
}
