namespace Orleans.Inference.OrleansContracts.Turns;

public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>Calls the other grain, which calls back.</summary>
    Task<int> CallThrough(string other, bool allowReentrancy);

    [ResponseTimeout("00:00:02")]
    Task<int> CallBack(string other);

    [ResponseTimeout("00:00:02")]
    Task<int> Answer();
}
