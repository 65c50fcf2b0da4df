namespace Orleans.Inference.OrleansContracts.Turns;

public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Whether the code after an await runs under the scheduler that the code before it ran under, and that is the grain's own.</summary>
    Task<bool> StaysInTurnAfter(string kindOfAwait);

    Task<bool> TaskRunLeavesTheTurn();
}
