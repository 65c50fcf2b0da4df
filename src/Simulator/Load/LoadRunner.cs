using System.Collections.Concurrent;

namespace Orleans.Inference.Simulator.Load;

/// <summary>
/// Sends load in an open loop: conversations begin at times that don't depend on how fast answers come. Later turns of a conversation
/// follow their answers.
/// </summary>
internal sealed class LoadRunner : IDisposable
{
    private readonly LoadOptions _options;
    private readonly TimeProvider _time;
    private readonly Workload _workload;
    private readonly PoissonArrivals _arrivals;
    private readonly LoadClient _client;
    private readonly ConcurrentQueue<RequestResult> _results = [];
    private long _start;
    private int _sent;
    private int _inFlight;
    private int _failed;

    public LoadRunner(LoadOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _client = new LoadClient(options, time);

        // Seeds of their own: the same requests come at any rate.
        _workload = new Workload(options, new Random(options.Seed));
        _arrivals = new PoissonArrivals(options.Rate / _workload.Turns, new Random(options.Seed + 1));
    }

    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    public int Sent => Volatile.Read(ref _sent);

    public int InFlight => Volatile.Read(ref _inFlight);

    public int Failed => Volatile.Read(ref _failed);

    public int Done => _results.Count;

    /// <summary>Runs until all requests have ended. Cancellation ends them early.</summary>
    public async Task<IReadOnlyList<RequestResult>> RunAsync(CancellationToken cancellationToken)
    {
        _start = _time.GetTimestamp();
        var conversations = new List<Task>();
        try
        {
            while (_sent + _workload.Turns <= Math.Max(_options.Requests, _workload.Turns) && _arrivals.Next() is var due && due < _options.Duration)
            {
                await WaitUntilAsync(due, cancellationToken);
                var conversation = _workload.Next();
                Interlocked.Add(ref _sent, conversation.Turns);
                conversations.Add(RunAsync(conversation, due, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped by the user: what is there is reported.
        }

        await Task.WhenAll(conversations);
        return [.. _results.OrderBy(result => result.Due)];
    }

    public void Dispose() => _client.Dispose();

    private async Task RunAsync(Conversation conversation, TimeSpan due, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < conversation.Turns; turn++)
        {
            var result = await SendAsync(conversation, turn, due, cancellationToken);
            _results.Enqueue(result with { Text = "" });
            if (!result.Succeeded)
            {
                // Its other turns can't be asked without this answer.
                Interlocked.Increment(ref _failed);
                Interlocked.Add(ref _sent, turn + 1 - conversation.Turns);
                return;
            }

            conversation.AddAnswer(result.Text);
            due = Elapsed + _options.ThinkTime;
            if (turn + 1 == conversation.Turns || due >= _options.Duration)
            {
                Interlocked.Add(ref _sent, turn + 1 - conversation.Turns);
                return;
            }

            await WaitUntilAsync(due, CancellationToken.None);
        }
    }

    private async Task<RequestResult> SendAsync(Conversation conversation, int turn, TimeSpan due, CancellationToken cancellationToken)
    {
        try
        {
            return Interlocked.Increment(ref _inFlight) > _options.MaxInFlight
                ? new RequestResult { Conversation = conversation.Index, Turn = turn, Model = conversation.Model, Due = due, Error = "not sent: too many in flight" }
                : await _client.SendAsync(conversation, turn, due, _start, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task WaitUntilAsync(TimeSpan due, CancellationToken cancellationToken)
    {
        var wait = due - Elapsed;

        // Timers count in milliseconds: a shorter wait is over.
        if (wait >= TimeSpan.FromMilliseconds(1))
        {
            await Task.Delay(wait, _time, cancellationToken);
        }
        else
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
