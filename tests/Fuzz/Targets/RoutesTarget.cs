using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>Paths: a query, a slash at the end and what stands before a known path make no difference.</summary>
internal sealed class RoutesTarget(ModelNames names) : IFuzzTarget
{
    private readonly RequestRoutes _routes = new([.. ParserTypes.All.Where(type => type != ParserTypes.Passthrough)], names, NullLogger.Instance);

    public string Name => "routes";

    public string Description => "request paths: query and slashes make no difference";

    public IReadOnlyList<byte[]> Words { get; } =
        [.. ((string[])["/", "?", "?a=/v1/completions", "chat/", "completions", "/render", "generate", "messages", "vllm.grpc.engine.VllmEngine/", "PredictionService/", " ", "%2f", "é"]).Select(Encoding.UTF8.GetBytes)];

    public FuzzOutcome Run(byte[] input, Random random)
    {
        var route = _routes.Resolve(input);
        RequestRoutes.NoParser(input);
        var isPath = input.AsSpan().IndexOf((byte)'?') < 0 && !input.AsSpan().EndsWith(" "u8);
        var fault = _routes.Resolve([.. input, .. "?x=/v1/messages"u8]) != route ? "a query makes a difference"
            : isPath && _routes.Resolve([.. input, (byte)'/']) != route ? "a slash at the end makes a difference"
            : isPath && route is { NeedsModel: true } && _routes.Resolve([.. "/prefix/"u8, .. input]) != route ? "a prefix makes a difference"
            : null;
        return new FuzzOutcome(route is not null, fault);
    }
}
