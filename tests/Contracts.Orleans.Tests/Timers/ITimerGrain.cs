using Orleans.Concurrency;

namespace Orleans.Inference.OrleansContracts.Timers;

public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Starts a timer that counts its ticks, due at once and then every few milliseconds.</summary>
    Task StartCounting(bool interleave);

    [AlwaysInterleave]
    Task<int> Ticks();

    /// <summary>Starts a timer whose ticks stop at a gate, and counts them.</summary>
    Task StartTicksThatWait();

    [AlwaysInterleave]
    Task OpenGate();

    Task StartFailing();

    Task StartThenChange();

    [AlwaysInterleave]
    Task StopCounting();

    /// <summary>Runs until the counting timer has ticked so often since; only an interleaving one can.</summary>
    Task WaitForTicks(int ticks);

    /// <summary>Counts for some turns' time how often the timer ticks meanwhile.</summary>
    Task<int> TicksDuringACall();

    /// <summary>Whether a tick ran under the grain's scheduler.</summary>
    [AlwaysInterleave]
    Task<bool> TickedInATurn();

    /// <summary>Disposes the timer within its own tick; whether its token was cancelled by that.</summary>
    Task<bool> DisposeInTick();

    Task Stop();

    Task<bool> RegisterOutsideOfATurnIsRefused();

    Task StartOneShot();
}
