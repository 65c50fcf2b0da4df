namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>A port of Envoy with its own way of asking the picker.</summary>
/// <param name="Name">Name of the listener.</param>
/// <param name="Mode">How the request's body is sent to the picker.</param>
/// <param name="Destination">How the picked address is read.</param>
/// <param name="PickerAuthority">The gRPC <c>:authority</c>, by which the picker chooses the pool.</param>
/// <param name="Tls">Ask the picker that serves TLS.</param>
/// <param name="ResponseMode">How the response's body is sent to the picker; null for <paramref name="Mode"/>.</param>
/// <param name="SubsetSize">Tell the picker that requests may go to the first so many model servers, as a list; null for no such list.</param>
internal sealed record EnvoyListener(
    string Name, BodyMode Mode, Destination Destination, string PickerAuthority, bool Tls = false, BodyMode? ResponseMode = null, int? SubsetSize = null)
{
    /// <summary>A request's header whose value, if it is there, Envoy passes to the picker as the subset, one text with commas.</summary>
    public const string SubsetHeader = "x-subset";

    /// <summary>Both names of <see cref="Mode"/> and <see cref="ResponseMode"/> as Envoy spells them.</summary>
    public (string Request, string Response) ModeNames => (NameOf(Mode), NameOf(ResponseMode ?? Mode));

    private static string NameOf(BodyMode mode) => mode switch
    {
        BodyMode.FullDuplex => "FULL_DUPLEX_STREAMED",
        BodyMode.Buffered => "BUFFERED",
        BodyMode.BufferedPartial => "BUFFERED_PARTIAL",
        BodyMode.Streamed => "STREAMED",
        _ => "NONE",
    };
}
