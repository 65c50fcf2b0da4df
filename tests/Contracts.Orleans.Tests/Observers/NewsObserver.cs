using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Orleans.Inference.OrleansContracts.Observers;

internal sealed class NewsObserver : INewsObserver
{
    private readonly Channel<int> _told = Channel.CreateUnbounded<int>();

    public bool Fails { get; set; }

    public ConcurrentQueue<int> All { get; } = new();

    public ValueTask<int> NextAsync(CancellationToken cancellationToken) => _told.Reader.ReadAsync(cancellationToken);

    public void Told(int number)
    {
        All.Enqueue(number);
        _told.Writer.TryWrite(number);
    }

    public Task<int> Asked(int number) =>
        Fails ? Task.FromException<int>(new InvalidOperationException("this observer fails")) : Task.FromResult(number + 1);
}
