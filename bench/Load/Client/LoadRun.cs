using System.Diagnostics;
using System.Net;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>One run of the client process: an open loop of Poisson arrivals, a number of exchanges at once, or a number that wait for their responses.</summary>
internal sealed class LoadRun
{
    private const int Connections = 4;
    private const int Groups = 150;
    private const double SharedPart = 0.6;

    /// <summary>Shared prefixes are kept in memory, so that of very long ones there are fewer groups.</summary>
    private const long MostPrefixBytes = 64 << 20;

    /// <summary>Held exchanges are opened so many at a time.</summary>
    private const int Batch = 200;

    private static readonly TimeSpan HeldBound = TimeSpan.FromSeconds(60);

    private readonly IPEndPoint _target;
    private readonly Workload _workload;
    private readonly LoadResult _result = new();
    private List<LoadConnection> _connections = [];
    private List<Thread> _readers = [];

    public LoadRun(IPEndPoint target, int tokens)
    {
        _target = target;
        _workload = new Workload(tokens, SharedPart, (int)Math.Clamp(MostPrefixBytes / (tokens * 4 * SharedPart), 4, Groups), seed: 1);
    }

    /// <summary>Runs it for a time.</summary>
    /// <param name="rate">Requests a second; 0 keeps <paramref name="concurrency"/> under way at all times.</param>
    /// <param name="chunks">Chunks of each response, see <see cref="LoadPlan"/>.</param>
    /// <param name="atOnce">Whether they are sent at once.</param>
    /// <param name="begin">Called when the measured time begins.</param>
    /// <param name="end">Called when it is over.</param>
    public LoadFigures Run(double rate, int concurrency, int chunks, bool atOnce, TimeSpan warm, TimeSpan duration, Action begin, Action end)
    {
        var now = Stopwatch.GetTimestamp();
        var from = now + (long)(warm.TotalSeconds * Stopwatch.Frequency);
        var until = from + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        using var atBegin = new Timer(_ => begin(), null, warm, Timeout.InfiniteTimeSpan);
        using var atEnd = new Timer(_ => end(), null, warm + duration, Timeout.InfiniteTimeSpan);
        Connect(new LoadPlan(from, until, rate == 0, chunks, atOnce, Held: false));
        if (rate == 0)
        {
            _connections.ForEach(c => c.Open(Math.Max(1, concurrency / Connections)));
            Thread.Sleep(Remaining(until));
        }
        else
        {
            var senders = _connections.Select((c, i) => Start(() => SendOpenLoop(c, rate / Connections, new Random(100 + i), now, until))).ToList();
            senders.ForEach(t => t.Join());
        }

        Thread.Sleep(500); // for the answers that are under way
        Close();
        return _result.Summarise(duration.TotalSeconds);
    }

    /// <summary>Opens exchanges and leaves them waiting for their responses.</summary>
    /// <param name="streams">How many.</param>
    /// <param name="held">Called when all wait; when it returns, they are answered and end.</param>
    public LoadFigures Hold(int streams, Action held)
    {
        Connect(new LoadPlan(0, long.MaxValue, ClosedLoop: false, Chunks: 0, AtOnce: false, Held: true));
        for (var opened = 0; opened < streams;)
        {
            var next = Math.Min(Batch, streams - opened);
            _connections[opened / Batch % Connections].Open(next);
            opened += next;
            Await(() => _result.HeldOrFailed >= opened);
        }

        held();
        _connections.ForEach(c => c.Respond());
        Await(() => _result.Ended >= streams);
        Close();
        return _result.Summarise(1);
    }

    private void Connect(LoadPlan plan)
    {
        _connections = [.. Enumerable.Range(0, Connections).Select(i => new LoadConnection(_target, new ExchangeMessages(_workload), new Random(i + 1), _result, plan))];
        _readers = _connections.ConvertAll(c => Start(c.ReadLoop));
    }

    private void Close()
    {
        _connections.ForEach(c => c.Dispose());
        _readers.ForEach(t => t.Join());
    }

    private static void Await(Func<bool> condition)
    {
        for (var since = Stopwatch.GetTimestamp(); !condition() && Stopwatch.GetElapsedTime(since) < HeldBound;)
        {
            Thread.Sleep(1);
        }
    }

    private static void SendOpenLoop(LoadConnection connection, double rate, Random random, long begin, long until)
    {
        double next = begin;
        while (next < until)
        {
            var wait = Remaining((long)next);
            if (wait > TimeSpan.Zero)
            {
                Thread.Sleep(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait);
            }

            var due = 0;
            for (var now = Stopwatch.GetTimestamp(); next < now; due++)
            {
                next += -Math.Log(1 - random.NextDouble()) / rate * Stopwatch.Frequency;
            }

            connection.Open(due);
        }
    }

    private static TimeSpan Remaining(long timestamp)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static Thread Start(Action body)
    {
        var thread = new Thread(() => body()) { IsBackground = true };
        thread.Start();
        return thread;
    }
}
