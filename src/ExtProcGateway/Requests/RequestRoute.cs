using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What a request's path decides: how its body is read and what becomes of its response.</summary>
/// <param name="parser">Reads the body; null forwards it unread.</param>
internal sealed class RequestRoute(BodyParser? parser)
{
    /// <summary>The body is looked into; without that it is forwarded as it came, and scheduled without a model.</summary>
    public bool ReadsBody => parser is not null;

    /// <summary>A request without a model is refused, unless something else names its target.</summary>
    public bool NeedsModel { get; init; }

    /// <summary>The response is no inference result: it passes without a look at its usage and its model's name.</summary>
    public bool SkipsResponse { get; init; }

    /// <summary>How usage is written in the response.</summary>
    public ResponseFormat ResponseFormat { get; init; } = ResponseFormat.Raw;

    /// <summary>Reads a body of this route: see <see cref="BodyParser.Parse"/>.</summary>
    public ParsedRequest Parse(in ReadOnlySequence<byte> body) => parser is null ? default : parser.Parse(body);
}
