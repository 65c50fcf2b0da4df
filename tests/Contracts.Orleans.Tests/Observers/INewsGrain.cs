namespace Orleans.Inference.OrleansContracts.Observers;

public interface INewsGrain : IGrainWithStringKey
{
    Task Subscribe(INewsObserver observer);

    Task Unsubscribe(INewsObserver observer);

    Task Tell(int number);

    Task TellMany(int count);

    /// <summary>Asks every observer; answers how many are subscribed afterwards.</summary>
    Task<int> Ask(int number);

    /// <summary>Asks one observer without the set of subscribers.</summary>
    Task<int> AskOne(INewsObserver observer, int number);

    /// <summary>Moves the clock by which subscriptions expire (after a minute).</summary>
    Task Advance(TimeSpan time);

    Task<int> Count();

    Task<int> CountAfterClearing();
}
