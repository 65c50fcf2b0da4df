namespace Orleans.Inference.OrleansContracts.Turns;

public interface IReentrantTurnGrain : IGrainWithStringKey
{
    /// <summary>Returns when that many calls are inside.</summary>
    Task<int> EnterAndWaitFor(int others);

    /// <summary>Whether two threads were ever in a turn at the same time.</summary>
    Task<bool> Spin();
}
