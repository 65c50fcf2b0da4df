using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Orleans.Inference.Simulator.CommandLine;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary><c>model-server</c>.</summary>
internal static class ModelServerCommand
{
    private static readonly ModelServerOptions Defaults = new();
    private static readonly EngineOptions EngineDefaults = Defaults.Engine;

    private static readonly Option<IPAddress> BaseAddress = new("--base-address")
    {
        Description = "Address of the first server; each further one has the next address.",
        DefaultValueFactory = _ => Defaults.Address,
        CustomParser = Parsing.IPv4Address,
    };

    private static readonly Option<int> Port = Options.Number("--port", "Port; 0 lets the system choose one for each server.", Defaults.Port, 0, 65_535);
    private static readonly Option<int> Count = Options.Number("--count", "Number of servers.", Defaults.Count, 1, 10_000);
    private static readonly Option<bool> VaryPort = new("--vary-port") { Description = "All servers have the same address, and ports from --port on." };
    private static readonly Option<string> Model = new("--model") { Description = "Name of the base model.", DefaultValueFactory = _ => Defaults.Model };
    private static readonly Option<string[]> Lora = new("--lora") { Description = "Name of a LoRA adapter; repeatable.", DefaultValueFactory = _ => [] };
    private static readonly Option<int> MaxLoras = Options.Number("--max-loras", "LoRA adapters in the batch at once.", EngineDefaults.AdapterSlots, 1, 10_000);
    private static readonly Option<Duration> LoraLoadTime = Options.Duration("--lora-load-time", "Time until an adapter without a slot can be used.", EngineDefaults.AdapterLoadTime);
    private static readonly Option<int> MaxNumSeqs = Options.Number("--max-num-seqs", "Most sequences in a batch.", EngineDefaults.MaxRunning, 1, int.MaxValue);
    private static readonly Option<int> MaxBatchedTokens = Options.Number("--max-num-batched-tokens", "Most tokens computed in a step.", EngineDefaults.MaxBatchedTokens, 1, int.MaxValue);
    private static readonly Option<int> MaxModelLength = Options.Number("--max-model-len", "Most tokens of prompt and answer.", EngineDefaults.MaxModelLength, 2, int.MaxValue);
    private static readonly Option<int> BlockSize = Options.Number("--block-size", "Tokens in a KV-cache block.", EngineDefaults.BlockSize, 1, int.MaxValue);
    private static readonly Option<int> Blocks = Options.Number("--num-gpu-blocks", "KV-cache blocks.", EngineDefaults.BlockCount, 1, 100_000_000);
    private static readonly Option<bool> NoPrefixCaching = new("--no-prefix-caching") { Description = "Forget blocks when a sequence ends." };
    private static readonly Option<int> PrefillSpeed = Options.Number("--prefill-speed", "Prompt tokens computed in a second.", (int)EngineDefaults.PrefillTokensPerSecond, 1, int.MaxValue);
    private static readonly Option<Duration> DecodeStep = Options.Duration("--decode-step", "Time of a step that gives one sequence its next token.", EngineDefaults.DecodeStep);
    private static readonly Option<Duration> DecodePerSequence = Options.Duration("--decode-per-sequence", "What each further sequence adds to a step.", EngineDefaults.DecodePerSequence);
    private static readonly Option<int> MeanOutput = Options.Number("--mean-output-tokens", "Mean length of answers, drawn for each prompt; 0: as long as the request allows.", Defaults.MeanOutputTokens, 0, int.MaxValue);
    private static readonly Option<int> DefaultOutput = Options.Number("--default-output-tokens", "Length of a chat answer for which the request gives no limit.", Defaults.DefaultOutputTokens, 1, int.MaxValue);
    private static readonly Option<int> Seed = Options.Number("--seed", "Seed of the answers; the same prompt gets the same answer.", Defaults.Seed, 0, int.MaxValue);

    private static readonly Option<MetricsFilter> Filter = new("--metrics-filter")
    {
        Description = "What /metrics/?name[]=… answers: the samples asked for, the whole page, an empty page, or 404.",
        DefaultValueFactory = _ => Defaults.MetricsFilter,
    };

    public static Command Create()
    {
        var command = new Command("model-server", "Simulated model servers that look like vLLM from outside: OpenAI API, /health, /metrics.")
        {
            BaseAddress, Port, Count, VaryPort, Model, Lora, MaxLoras, LoraLoadTime, MaxNumSeqs, MaxBatchedTokens, MaxModelLength, BlockSize, Blocks,
            NoPrefixCaching, PrefillSpeed, DecodeStep, DecodePerSequence, MeanOutput, DefaultOutput, Seed, Filter,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static ModelServerOptions Read(ParseResult result)
    {
        return new ModelServerOptions
        {
            Address = result.GetRequiredValue(BaseAddress),
            Port = result.GetValue(Port),
            Count = result.GetValue(Count),
            VaryPort = result.GetValue(VaryPort),
            Model = result.GetRequiredValue(Model),
            Adapters = result.GetRequiredValue(Lora),
            MeanOutputTokens = result.GetValue(MeanOutput),
            DefaultOutputTokens = result.GetValue(DefaultOutput),
            Seed = result.GetValue(Seed),
            MetricsFilter = result.GetValue(Filter),
            Engine = new EngineOptions
            {
                AdapterSlots = result.GetValue(MaxLoras),
                AdapterLoadTime = result.GetValue(LoraLoadTime).Value,
                MaxRunning = result.GetValue(MaxNumSeqs),
                MaxBatchedTokens = result.GetValue(MaxBatchedTokens),
                MaxModelLength = result.GetValue(MaxModelLength),
                BlockSize = result.GetValue(BlockSize),
                BlockCount = result.GetValue(Blocks),
                PrefixCaching = !result.GetValue(NoPrefixCaching),
                PrefillTokensPerSecond = result.GetValue(PrefillSpeed),
                DecodeStep = result.GetValue(DecodeStep).Value,
                DecodePerSequence = result.GetValue(DecodePerSequence).Value,
            },
        };
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var options = Read(result);
        var faults = options.Engine.Validate();
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        if (faults.Count > 0)
        {
            return 1;
        }

        try
        {
            await using var host = await ModelServerHost.StartAsync(options, TimeProvider.System, cancellationToken);
            foreach (var server in host.Servers)
            {
                Console.WriteLine($"model server {options.Model} at http://{server.Name}");
            }

            Console.WriteLine($"{host.Servers.Count} model servers ready");
            await host.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"Can't listen: {e.Message}");
            return 1;
        }
    }
}
