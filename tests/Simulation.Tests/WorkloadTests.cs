using Orleans.Inference.Bench.Simulation.Workloads;

namespace Orleans.Inference.Simulation.Tests;

public sealed class WorkloadTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    private Workload Load(string text, TimeSpan? time = null)
    {
        File.WriteAllText(_file, text);
        return TraceWorkload.Load(_file, time);
    }

    [Fact]
    public void Load_Trace_SharesBlocksOfTheSameId()
    {
        var trace = Load("""
            {"timestamp": 0, "input_length": 600, "output_length": 5, "hash_ids": [4, 7]}

            {"timestamp": 2500, "input_length": 1024, "output_length": 1, "hash_ids": [4, 8]}
            """);

        Assert.Equal([0, 2500], trace.Requests.Select(r => r.ArrivesAt.TotalMilliseconds));
        var (first, second) = (new int[605], new int[1025]);
        trace.Requests[0].CopyTo(first);
        trace.Requests[1].CopyTo(second);
        Assert.Equal(first[..512], second[..512]);
        Assert.NotEqual(first[512..600], second[512..600]);
        Assert.Equal(600, trace.Requests[0].PromptTokens);
        Assert.Equal(0.8, trace.Rate);
    }

    [Fact]
    public void Load_TimeGiven_CutsTheTrace()
    {
        const string Line = """{"timestamp": 0, "input_length": 1, "output_length": 5, "hash_ids": [4]}""";

        Assert.Single(Load(Line + "\n" + Line.Replace(": 0", ": 1001", StringComparison.Ordinal), TimeSpan.FromSeconds(1)).Requests);
    }

    [Theory]
    [InlineData("", "there is no request")]
    [InlineData("nonsense", ":1: ")]
    [InlineData("""{"timestamp": 0, "input_length": 513, "output_length": 5, "hash_ids": [4]}""", ":1: wanted are")]
    [InlineData("""{"timestamp": 0, "input_length": 1, "output_length": 0, "hash_ids": [4]}""", ":1: wanted are")]
    [InlineData("{\"timestamp\": 5, \"input_length\": 1, \"output_length\": 1, \"hash_ids\": [4]}\n{\"timestamp\": 4, \"input_length\": 1, \"output_length\": 1, \"hash_ids\": [4]}", ":2: the request comes before")]
    public void Load_BadTrace_NamesTheLine(string text, string message)
    {
        Assert.Contains(message, Assert.Throws<FormatException>(() => Load(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_Conversations_HaveTheMeansThatTheyAreSaidToHave()
    {
        var workload = ConversationWorkload.Create(TimeSpan.FromSeconds(20_000), 5);

        // Turns due after the end are missing, as are those of conversations before the beginning: both are few over this time. The bound on the input takes a little off its mean.
        Assert.InRange(workload.Requests.Count / (workload.Requests[^1].ArrivesAt.TotalSeconds * ConversationWorkload.Rate), 0.95, 1.05);
        Assert.InRange(workload.Requests.Average(r => r.PromptTokens), 11_000, 12_600);
        Assert.All(workload.Requests.Where(r => r.Previous is not null), r => Assert.True(r.PromptTokens > r.Previous!.PromptTokens + r.Previous.OutputTokens));
    }

    [Fact]
    public void Create_MultiLora_SplitsTheRequests()
    {
        var workload = LoraWorkload.Create(100, TimeSpan.FromSeconds(200), 5);
        var counts = workload.Requests.GroupBy(r => r.Adapter!).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Count() / (double)workload.Requests.Count).ToArray();

        Assert.Equal(15, counts.Length);
        Assert.InRange(counts[..5].Sum(), 0.58, 0.62);
        Assert.InRange(counts[5..10].Sum(), 0.28, 0.32);
        Assert.InRange(counts[10..].Sum(), 0.08, 0.12);
    }

    [Fact]
    public void Create_SharedPrefix_PromptsOfAGroupShareTheirBeginning()
    {
        var workload = SharedPrefixWorkload.Create(10, TimeSpan.FromSeconds(20), 5);
        var prompts = workload.Requests.Select(r =>
        {
            var tokens = new int[r.PromptTokens + r.OutputTokens];
            r.CopyTo(tokens);
            return (Shared: string.Join(' ', tokens[..6000]), Own: string.Join(' ', tokens[6000..7200]));
        }).ToArray();

        Assert.Equal(150, prompts.Select(p => p.Shared).Distinct().Count());
        Assert.All(prompts.GroupBy(p => p.Shared), g => Assert.InRange(g.Select(p => p.Own).Distinct().Count(), 1, 5));
        Assert.All(prompts.GroupBy(p => p.Own), g => Assert.Single(g.Select(p => p.Shared).Distinct()));
    }
}
