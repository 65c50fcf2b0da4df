using System.Diagnostics;
using System.Net;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>One run of the client process: an open loop of Poisson arrivals, or a number of exchanges at once.</summary>
internal static class LoadRun
{
    private const int Connections = 4;
    private const int Groups = 150;
    private const double SharedPart = 0.6;

    /// <param name="rate">Requests a second; 0 keeps <paramref name="concurrency"/> under way at all times.</param>
    public static LoadFigures Run(IPEndPoint target, double rate, int concurrency, int tokens, TimeSpan warm, TimeSpan duration)
    {
        var workload = new Workload(tokens, SharedPart, Groups, seed: 1);
        var result = new LoadResult();
        var begin = Stopwatch.GetTimestamp();
        var from = begin + (long)(warm.TotalSeconds * Stopwatch.Frequency);
        var until = from + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var connections = Enumerable.Range(0, Connections)
            .Select(i => new LoadConnection(target, new ExchangeMessages(workload), new Random(i + 1), result, from, until, rate == 0))
            .ToList();
        var readers = connections.ConvertAll(c => Start(c.ReadLoop));
        if (rate == 0)
        {
            connections.ForEach(c => c.Open(Math.Max(1, concurrency / Connections)));
            Thread.Sleep(Remaining(until));
        }
        else
        {
            var senders = connections.Select((c, i) => Start(() => SendOpenLoop(c, rate / Connections, new Random(100 + i), begin, until))).ToList();
            senders.ForEach(t => t.Join());
        }

        Thread.Sleep(500); // for the answers that are under way
        connections.ForEach(c => c.Dispose());
        readers.ForEach(t => t.Join());
        return result.Summarise(duration.TotalSeconds);
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
