using Microsoft.Extensions.Logging;
using Orleans.Utilities;

namespace Orleans.Inference.OrleansContracts.Observers;

internal sealed class NewsGrain : Grain, INewsGrain
{
    private readonly ObserverManager<INewsObserver> _observers;
    private DateTime _now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public NewsGrain(ILogger<NewsGrain> log) =>
        _observers = new ObserverManager<INewsObserver>(TimeSpan.FromMinutes(1), log) { GetDateTime = () => _now };

    public Task Subscribe(INewsObserver observer)
    {
        _observers.Subscribe(observer, observer);
        return Task.CompletedTask;
    }

    public Task Unsubscribe(INewsObserver observer)
    {
        _observers.Unsubscribe(observer);
        return Task.CompletedTask;
    }

    public Task Tell(int number)
    {
        _observers.Notify(o => o.Told(number));
        return Task.CompletedTask;
    }

    public Task TellMany(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var number = i;
            _observers.Notify(o => o.Told(number));
        }

        return Task.CompletedTask;
    }

    public async Task<int> Ask(int number)
    {
        await _observers.Notify(async o => await o.Asked(number));
        return _observers.Count;
    }

    public async Task<int> AskOne(INewsObserver observer, int number) => await observer.Asked(number);

    public Task Advance(TimeSpan time)
    {
        _now += time;
        return Task.CompletedTask;
    }

    public Task<int> Count() => Task.FromResult(_observers.Count);

    public Task<int> CountAfterClearing()
    {
        _observers.ClearExpired();
        return Task.FromResult(_observers.Count);
    }
}
