namespace Orleans.Inference.OrleansContracts.Turns;

public interface IPredicateGrain : IGrainWithStringKey
{
    Task WaitAtGate();

    Task OpenByName();

    Task<int> Count();
}
