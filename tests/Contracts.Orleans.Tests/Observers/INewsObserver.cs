namespace Orleans.Inference.OrleansContracts.Observers;

public interface INewsObserver : IGrainObserver
{
    void Told(int number);

    Task<int> Asked(int number);
}
