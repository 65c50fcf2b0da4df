using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>Which application protocols of a pool the parsers of requests are made for.</summary>
/// <remarks>As the reference declares them; a parser that is not named here takes any.</remarks>
internal static class AppProtocols
{
    public const string Http = "http";
    public const string H2c = "kubernetes.io/h2c";

    private static readonly FrozenDictionary<string, string[]> ByParser = new Dictionary<string, string[]>
    {
        [ParserTypes.OpenAi] = [H2c, Http],
        [ParserTypes.Anthropic] = [H2c, Http],
        [ParserTypes.VllmHttp] = [H2c, Http],
        [ParserTypes.SgLangHttp] = [H2c, Http],
        [ParserTypes.VllmGrpc] = [H2c],
        [ParserTypes.VertexAi] = [H2c],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether every one of <paramref name="parsers"/> can serve a pool of that protocol; a pool that names none is served by all.</summary>
    public static bool AreServed(string? appProtocol, ImmutableArray<string> parsers) =>
        string.IsNullOrEmpty(appProtocol) || parsers.All(parser => !ByParser.TryGetValue(parser, out var protocols) || protocols.Contains(appProtocol, StringComparer.Ordinal));
}
