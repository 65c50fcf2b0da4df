using System.IO.Compression;
using System.Text.Json;

namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>A recorded trace: arrivals, lengths and shared blocks of real requests (<see cref="TraceLine"/>), gzipped or not.</summary>
internal static class TraceWorkload
{
    private const int BlockTokens = 512;
    private const string Extension = ".jsonl";

    /// <exception cref="FormatException">A line is no request; the message names it.</exception>
    public static Workload Load(string path, TimeSpan? time)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        var requests = Read(reader, path, time ?? TimeSpan.MaxValue);
        if (requests.Count == 0)
        {
            throw new FormatException($"{path}: there is no request");
        }

        return new Workload
        {
            Name = "trace-" + NameOf(path),
            Rate = Math.Round(requests.Count / Math.Max(1, requests[^1].ArrivesAt.TotalSeconds), 1),
            Requests = requests,
        };
    }

    private static List<SimulatedRequest> Read(StreamReader reader, string path, TimeSpan time)
    {
        var requests = new List<SimulatedRequest>();
        for (var number = 1; reader.ReadLine() is { } text; number++)
        {
            if (text.Length == 0)
            {
                continue;
            }

            var line = Parse(text, path, number);
            var at = TimeSpan.FromMilliseconds(line.Timestamp);
            if (requests.Count > 0 && at < requests[^1].ArrivesAt)
            {
                throw new FormatException($"{path}:{number}: the request comes before the one above it");
            }

            if (at > time)
            {
                break;
            }

            // Ids of answers are negative: no prompt holds them.
            requests.Add(new SimulatedRequest(requests.Count, at, Prompt(line), new Piece(-1 - requests.Count, line.OutputLength)));
        }

        return requests;
    }

    private static TraceLine Parse(string text, string path, int number)
    {
        TraceLine? line;
        try
        {
            line = JsonSerializer.Deserialize(text, TraceJson.Default.TraceLine);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path}:{number}: {e.Message}", e);
        }

        var longest = Workload.DefaultEngine.MaxModelLength;
        return line is { Timestamp: >= 0, InputLength: > 0, OutputLength: > 0, HashIds: not null }
            && line.InputLength + (long)line.OutputLength <= longest
            && line.HashIds.Count == (line.InputLength + BlockTokens - 1) / BlockTokens
            ? line
            : throw new FormatException($"{path}:{number}: wanted are a timestamp, input_length and output_length above 0, together at most {longest}, and one of hash_ids for each {BlockTokens} tokens of input");
    }

    private static Piece[] Prompt(TraceLine line)
    {
        var pieces = new Piece[line.HashIds.Count];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = new Piece(line.HashIds[i], Math.Min(BlockTokens, line.InputLength - (i * BlockTokens)));
        }

        return pieces;
    }

    /// <summary>The file's name without what comes behind: <c>conversation</c> of <c>conversation_trace.jsonl.gz</c>.</summary>
    private static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        var end = name.IndexOf(Extension, StringComparison.Ordinal);
        return (end > 0 ? name[..end] : name).Replace("_trace", "", StringComparison.Ordinal);
    }
}
