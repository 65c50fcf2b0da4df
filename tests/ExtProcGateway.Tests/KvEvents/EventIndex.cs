using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.KvEvents;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Tests.KvEvents;

/// <summary>An index that servers tell of their blocks, asked by the bodies of requests.</summary>
internal sealed class EventIndex
{
    private static readonly RequestRoutes Routes = new([ParserTypes.OpenAi, ParserTypes.VllmHttp, ParserTypes.SgLangHttp, ParserTypes.VllmGrpc], new ModelNames(), NullLogger.Instance);

    public EngineBlockIndex Index { get; } = new();

    public KvEventApplier Server(int number) => new(Index, Index.Join(number)!);

    /// <summary>Blocks that each server holds of a completion's prompt of these tokens.</summary>
    public Dictionary<int, int> Find(IEnumerable<int> tokens, string model = "model", string more = "") =>
        FindBody("/v1/completions", $$"""{"model":"x","prompt":[{{string.Join(", ", tokens)}}]{{more}}}""", model);

    /// <summary>The same of any body.</summary>
    public Dictionary<int, int> FindBody(string path, string body, string model = "model") => FindBody(path, Encoding.UTF8.GetBytes(body), model);

    /// <inheritdoc cref="FindBody(string, string, string)"/>
    public Dictionary<int, int> FindBody(string path, byte[] body, string model = "model")
    {
        var route = Routes.Resolve(Encoding.ASCII.GetBytes(path))!;
        var sequence = new System.Buffers.ReadOnlySequence<byte>(body);
        var parsed = route.Parse(sequence);
        Assert.Null(parsed.Error);
        var hashes = new PrefixHashes();
        route.HashTokens(sequence, parsed, model, new PromptBlocks(PrefixHashRule.WholeBlocks, Math.Max(1, Index.BlockTokens), EngineBlockIndex.MostMatched), hashes);
        var match = new PrefixMatch();
        Index.Index.Match(hashes, match);
        return match.Servers.ToArray().ToDictionary(server => server, match.Blocks);
    }
}
