namespace Orleans.Inference.OrleansContracts.Turns;

internal sealed class SchedulerGrain : Grain, ISchedulerGrain
{
    public async Task<bool> StaysInTurnAfter(string kindOfAwait)
    {
        var before = TaskScheduler.Current;
        switch (kindOfAwait)
        {
            case "yield":
                await Task.Yield();
                break;
            case "delay":
                await Task.Delay(1);
                break;
            case "pool":
                await Task.Run(() => 1);
                break;
            case "call":
                await GrainFactory.GetGrain<ITurnGrain>(this.GetPrimaryKeyString()).Record(1);
                break;
            default:
                throw new ArgumentException(kindOfAwait, nameof(kindOfAwait));
        }

        return before != TaskScheduler.Default && ReferenceEquals(before, TaskScheduler.Current);
    }

    public async Task<bool> TaskRunLeavesTheTurn() => await Task.Run(() => TaskScheduler.Current == TaskScheduler.Default);
}
