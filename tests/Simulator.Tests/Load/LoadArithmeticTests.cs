using Orleans.Inference.Simulator.Load;

namespace Orleans.Inference.Simulator.Tests.Load;

public sealed class LoadArithmeticTests
{
    [Fact]
    public void Percentile_OfOneToHundred_IsTheRank()
    {
        var distribution = new Distribution(Enumerable.Range(1, 100).Reverse().Select(i => (double)i));

        Assert.Equal([1, 50, 95, 99, 100], new[] { 0.0, 50, 95, 99, 100 }.Select(distribution.Percentile));
        Assert.Equal((50.5, 100, 100), (distribution.Mean, distribution.Max, distribution.Count));
    }

    [Fact]
    public void Percentile_OfFewValues_IsTheNearestRank()
    {
        var distribution = new Distribution([10, 20, 30]);

        Assert.Equal([10, 20, 20, 30], new[] { 33.0, 34, 66, 67 }.Select(distribution.Percentile));
    }

    [Fact]
    public void Percentile_OfNothing_IsNaN()
    {
        Assert.True(double.IsNaN(new Distribution([]).Percentile(50)));
    }

    [Fact]
    public void Arrivals_WithTheSameSeed_AreTheSame()
    {
        Assert.Equal(Arrivals(seed: 3, count: 100), Arrivals(seed: 3, count: 100));
        Assert.NotEqual(Arrivals(seed: 3, count: 100), Arrivals(seed: 4, count: 100));
    }

    [Fact]
    public void Arrivals_Many_HaveTheMeanAndSpreadOfAPoissonProcess()
    {
        var times = Arrivals(seed: 1, count: 100_000);
        var gaps = times.Zip(times.Prepend(TimeSpan.Zero), (now, before) => (now - before).TotalSeconds).ToList();

        // Mean 1/50 s; of an exponential distribution's gaps, 1/e are longer than the mean.
        Assert.InRange(gaps.Average(), 0.0198, 0.0202);
        Assert.InRange(gaps.Count(gap => gap > 0.02) / 100_000.0, 0.362, 0.374);
        Assert.All(gaps, gap => Assert.True(gap >= 0));
    }

    [Fact]
    public void Workload_SharedPrefix_TakesPrefixesFromTheSet()
    {
        var options = new LoadOptions { Workload = WorkloadKind.SharedPrefix, Prefixes = 3, PrefixTokens = 20, QuestionTokens = 5, Models = ["a", "b"] };
        var workload = new Workload(options, new Random(1));
        var bodies = Enumerable.Range(0, 50).Select(_ => Messages(workload.Next(), options)).ToList();

        Assert.Equal(3, bodies.Select(messages => messages[0]).Distinct().Count());
        Assert.Equal(50, bodies.Select(messages => messages[1]).Distinct().Count());
    }

    [Fact]
    public void Workload_WithTheSameSeed_IsTheSame()
    {
        var options = new LoadOptions { Workload = WorkloadKind.Random };

        Assert.Equal(new Workload(options, new Random(5)).Next().CreateBody(options), new Workload(options, new Random(5)).Next().CreateBody(options));
        Assert.NotEqual(new Workload(options, new Random(5)).Next().CreateBody(options), new Workload(options, new Random(6)).Next().CreateBody(options));
    }

    [Fact]
    public void Conversation_NextTurn_RepeatsEverythingBefore()
    {
        var options = new LoadOptions { Workload = WorkloadKind.Conversation, Turns = 2, PrefixTokens = 5, QuestionTokens = 3 };
        var conversation = new Workload(options, new Random(1)).Next();
        var first = Messages(conversation, options);

        conversation.AddAnswer(" so it is");
        var second = Messages(conversation, options);

        Assert.Equal(first, second[..2]);
        Assert.Equal(" so it is", second[2]);
        Assert.Equal(4, second.Count);
    }

    [Fact]
    public void Parser_StreamedChunks_GivesTextAndUsage()
    {
        var parser = new AnswerParser();

        Assert.True(parser.AddLine("""data: {"choices":[{"delta":{"role":"assistant","content":""}}],"usage":null}"""));
        Assert.False(parser.AddLine(""));
        Assert.True(parser.AddLine("""data: {"choices":[{"delta":{"content":" so"}}]}"""));
        Assert.True(parser.AddLine("""data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":4}}}"""));
        Assert.False(parser.IsDone);
        Assert.False(parser.AddLine("data: [DONE]"));

        Assert.Equal((" so", 7, 1, 4, true), (parser.Text, parser.PromptTokens, parser.OutputTokens, parser.CachedTokens, parser.IsDone));
    }

    [Fact]
    public void Csv_FieldWithCommaAndQuote_IsQuoted()
    {
        var line = ResultsCsv.Line(new RequestResult { Conversation = 1, Turn = 0, Model = "m", Due = TimeSpan.FromMilliseconds(1.5), Error = "no \"way\", sir" });

        Assert.Equal("1,0,m,1.500,,0.000,0,,0,0,0,\"no \"\"way\"\", sir\"", line);
        Assert.Equal(ResultsCsv.Head.Count(c => c == ','), line[..line.IndexOf('"', StringComparison.Ordinal)].Count(c => c == ','));
    }

    [Fact]
    public void Report_OfSomeResults_CountsThem()
    {
        var results = Enumerable.Range(1, 100).Select(i => new RequestResult
        {
            Conversation = i,
            Turn = 0,
            Model = "m",
            Due = TimeSpan.Zero,
            Latency = TimeSpan.FromMilliseconds(i),
            FirstToken = TimeSpan.FromMilliseconds(1),
            Server = i <= 25 ? "a" : "b",
            PromptTokens = 10,
            CachedTokens = 4,
            Error = i == 100 ? "timeout" : null,
        }).ToList();

        var report = LoadReport.Format(results, TimeSpan.FromSeconds(10));

        Assert.Contains("100 in 10.0 s, 10.0/s; 99 succeeded, 1 failed", report, StringComparison.Ordinal);
        Assert.Contains("1 × timeout", report, StringComparison.Ordinal);
        Assert.Contains("990 in, 396 of them from prefix caches (40.0 %)", report, StringComparison.Ordinal);
        Assert.Matches(@"a +25 +25\.3 %", report);
        Assert.Matches(@"latency ms +50\.0 +50\.0 +95\.0 +99\.0 +99\.0", report);
    }

    private static List<TimeSpan> Arrivals(int seed, int count)
    {
        var arrivals = new PoissonArrivals(50, new Random(seed));
        return [.. Enumerable.Range(0, count).Select(_ => arrivals.Next())];
    }

    private static List<string> Messages(Conversation conversation, LoadOptions options)
    {
        using var body = System.Text.Json.JsonDocument.Parse(conversation.CreateBody(options));
        return [.. body.RootElement.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString()!)];
    }
}
