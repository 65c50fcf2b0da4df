namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>
/// Conversations: 3.4 requests a second with 12,000 prompt tokens in the mean, log-normal. Each turn repeats all before it; from one turn to the next some two minutes pass. Four turns
/// in the mean; an answer has 343 tokens in the mean, log-normal, as in public conversation traces.
/// </summary>
internal static class ConversationWorkload
{
    /// <summary>Requests in a second, all conversations together.</summary>
    public const double Rate = 3.4;

    private const int MeanInput = 12_000;
    private const double MeanTurns = 4;
    private const double MeanOutput = 343;
    private const double MeanQuestion = 1_200;
    private const double MeanGapSeconds = 120;
    private const int MostInput = 120_000;

    /// <summary>Spread of lengths: the standard deviation of their logarithm. With 1, one in forty is over four times the mean.</summary>
    private const double Sigma = 1;

    /// <summary>
    /// With a geometric number of turns, the turns before a request are one fewer than the turns of a conversation, in the mean over all requests. What they leave behind
    /// is taken off the mean input to get the first prompt's.
    /// </summary>
    private const double MeanFirstInput = MeanInput - ((MeanTurns - 1) * (MeanQuestion + MeanOutput));

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(600);

    public static Workload Create(TimeSpan? time, int seed)
    {
        var random = new Random(seed);
        var end = WarmUp + (time ?? TimeSpan.FromSeconds(900));
        var turns = new List<(TimeSpan At, int Conversation, int Turn)>();
        for (var (start, conversation) = (random.Gap(Rate / MeanTurns), 0); start < end; start += random.Gap(Rate / MeanTurns), conversation++)
        {
            for (var (at, turn) = (start, 0); at < end; at += random.Gap(1 / MeanGapSeconds), turn++)
            {
                turns.Add((at, conversation, turn));
                if (random.NextDouble() < 1 / MeanTurns)
                {
                    break;
                }
            }
        }

        turns.Sort();
        var last = new Dictionary<int, SimulatedRequest>();
        var requests = new List<SimulatedRequest>();
        foreach (var (at, conversation, _) in turns)
        {
            var previous = last.GetValueOrDefault(conversation);
            var before = previous is null ? [] : previous.Transcript;
            var room = Math.Max(1, MostInput - before.Sum(piece => piece.Tokens));
            var said = random.LogNormal(previous is null ? MeanFirstInput : MeanQuestion, Sigma, 1, room);
            var output = random.LogNormal(MeanOutput, Sigma, 1, 2_000);
            var request = new SimulatedRequest(requests.Count, at, [.. before, new Piece(requests.Count * 2L, said)], new Piece((requests.Count * 2L) + 1, output), previous: previous);
            last[conversation] = request;
            requests.Add(request);
        }

        return new Workload { Name = "conversations", Rate = Rate, Requests = requests, WarmUp = WarmUp };
    }
}
