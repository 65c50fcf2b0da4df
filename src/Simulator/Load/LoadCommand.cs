using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Orleans.Inference.Simulator.CommandLine;

namespace Orleans.Inference.Simulator.Load;

/// <summary><c>load</c>.</summary>
internal static class LoadCommand
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);
    private static readonly LoadOptions Defaults = new();

    private static readonly Option<Uri> Url = new("--url")
    {
        Description = "Where to send requests to: the proxy, or a model server.",
        DefaultValueFactory = _ => Defaults.Url,
        CustomParser = ParseUrl,
    };

    private static readonly Option<double> Rate = new("--rate") { Description = "Requests per second, on average.", DefaultValueFactory = _ => Defaults.Rate };
    private static readonly Option<Duration> Time = Options.Duration("--duration", "For how long requests are begun.", Defaults.Duration);
    private static readonly Option<int> Requests = Options.Number("--requests", "Most requests.", Defaults.Requests, 1, 100_000_000);

    private static readonly Option<WorkloadKind> Workload = new("--workload")
    {
        Description = "SharedPrefix: each request begins with one of a few texts. Conversation: turns that repeat all before them. Random: nothing in common.",
        DefaultValueFactory = _ => Defaults.Workload,
    };

    private static readonly Option<int> Prefixes = Options.Number("--prefixes", "Number of shared texts.", Defaults.Prefixes, 1, 1_000_000);
    private static readonly Option<int> PrefixTokens = Options.Number("--prefix-tokens", "Tokens of a shared text.", Defaults.PrefixTokens, 1, 10_000_000);
    private static readonly Option<int> QuestionTokens = Options.Number("--question-tokens", "Tokens of each request, or turn, of its own.", Defaults.QuestionTokens, 1, 10_000_000);
    private static readonly Option<int> OutputTokens = Options.Number("--output-tokens", "Most tokens of an answer.", Defaults.OutputTokens, 1, 10_000_000);
    private static readonly Option<int> Turns = Options.Number("--turns", "Turns of a conversation.", Defaults.Turns, 1, 10_000);
    private static readonly Option<Duration> ThinkTime = Options.Duration("--think-time", "From an answer to the next turn.", Defaults.ThinkTime);
    private static readonly Option<string[]> Models = new("--model") { Description = "Model or LoRA adapter; repeatable, each conversation takes one at random.", DefaultValueFactory = _ => [.. Defaults.Models] };
    private static readonly Option<bool> NoStream = new("--no-stream") { Description = "Ask for whole answers instead of streamed ones." };
    private static readonly Option<int> Seed = Options.Number("--seed", "Seed of the requests and of their times.", Defaults.Seed, 0, int.MaxValue);
    private static readonly Option<int> MaxInFlight = Options.Number("--max-in-flight", "Requests in flight above which arrivals are not sent, and counted as failed.", Defaults.MaxInFlight, 1, 1_000_000);
    private static readonly Option<Duration> RequestTimeout = Options.Duration("--timeout", "Most time for one request.", Defaults.Timeout);
    private static readonly Option<string?> Csv = new("--csv") { Description = "File to write one line a request to." };

    public static Command Create()
    {
        Rate.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var rate) && rate is not (> 0 and <= 1_000_000))
            {
                result.AddError($"--rate must be more than 0 and at most 1000000, not {result.Tokens[0].Value}.");
            }
        });
        var command = new Command("load", "Sends chat completions at random times (Poisson arrivals, open loop), and reports latencies, errors and who answered.")
        {
            Url, Rate, Time, Requests, Workload, Prefixes, PrefixTokens, QuestionTokens, OutputTokens, Turns, ThinkTime, Models, NoStream, Seed,
            MaxInFlight, RequestTimeout, Csv,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static LoadOptions Read(ParseResult result)
    {
        return new LoadOptions
        {
            Url = result.GetRequiredValue(Url),
            Rate = result.GetValue(Rate),
            Duration = result.GetValue(Time).Value,
            Requests = result.GetValue(Requests),
            Workload = result.GetValue(Workload),
            Prefixes = result.GetValue(Prefixes),
            PrefixTokens = result.GetValue(PrefixTokens),
            QuestionTokens = result.GetValue(QuestionTokens),
            OutputTokens = result.GetValue(OutputTokens),
            Turns = result.GetValue(Turns),
            ThinkTime = result.GetValue(ThinkTime).Value,
            Models = result.GetRequiredValue(Models),
            Streams = !result.GetValue(NoStream),
            Seed = result.GetValue(Seed),
            MaxInFlight = result.GetValue(MaxInFlight),
            Timeout = result.GetValue(RequestTimeout).Value,
            Csv = result.GetValue(Csv),
        };
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var options = Read(result);
        using var runner = new LoadRunner(options, TimeProvider.System);
        var running = runner.RunAsync(cancellationToken);
        while (await Task.WhenAny(running, Task.Delay(ProgressPeriod, CancellationToken.None)) != running)
        {
            ShowProgress(runner);
        }

        var results = await running;
        if (!Console.IsErrorRedirected)
        {
            await Console.Error.WriteLineAsync();
        }

        Console.Write(LoadReport.Format(results, runner.Elapsed));
        if (options.Csv is { } path)
        {
            try
            {
                await using var file = File.CreateText(path);
                await ResultsCsv.WriteAsync(file, results);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"Can't write {path}: {e.Message}");
                return 1;
            }
        }

        return results.Any(r => r.Succeeded) ? 0 : 1;
    }

    private static void ShowProgress(LoadRunner runner)
    {
        // On a terminal the line replaces the one before.
        var (begin, end) = Console.IsErrorRedirected ? ("", "\n") : ("\r", "  ");
        Console.Error.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{begin}{runner.Elapsed.TotalSeconds:F0} s: {runner.Sent} planned, {runner.InFlight} in flight, {runner.Done} done, {runner.Failed} failed{end}"));
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https"))
        {
            return url;
        }

        result.AddError($"'{text}' is not an address such as http://127.0.0.1:8080.");
        return null;
    }
}
