using System.Text.Json.Serialization;

namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>What a gRPC client that was not written here has seen; what a scenario does not have is null.</summary>
/// <param name="Status">Name of the gRPC status.</param>
/// <param name="Details">Message of the status.</param>
/// <param name="Answers">Answers that came after the last one that was expected.</param>
/// <param name="Headers">Headers that the picker sets, names in lower case.</param>
/// <param name="Metadata">The destination in the dynamic metadata.</param>
/// <param name="Sent">SHA-256 of the request's body as it was sent.</param>
/// <param name="Request">The request's body as the picker hands it on.</param>
/// <param name="SentResponse">SHA-256 of the response's body as it was sent.</param>
/// <param name="Response">The response's body as the picker hands it on.</param>
/// <param name="First">The first piece of the response's body as the picker hands it on.</param>
/// <param name="Http">Status of an immediate response.</param>
/// <param name="Text">Body of an immediate response.</param>
/// <param name="Serving">Whether health says SERVING.</param>
/// <param name="Services">Health of all services.</param>
internal sealed record ClientOutcome(
    string Status,
    string? Details,
    int Answers,
    Dictionary<string, string>? Headers,
    string? Metadata,
    string? Sent,
    StreamedBody? Request,
    string? SentResponse,
    StreamedBody? Response,
    string? First,
    int? Http,
    string? Text,
    bool? Serving,
    Dictionary<string, int>? Services)
{
    /// <summary>The destination in the header.</summary>
    [JsonIgnore]
    public string? Destination => Headers?.GetValueOrDefault("x-gateway-destination-endpoint");
}
