namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>A port of Envoy with its own way of asking the picker.</summary>
/// <param name="Name">Name of the listener.</param>
/// <param name="Mode">How the bodies are sent to the picker.</param>
/// <param name="Destination">How the picked address is read.</param>
/// <param name="PickerAuthority">The gRPC <c>:authority</c>, by which the picker chooses the pool.</param>
/// <param name="Tls">Ask the picker that serves TLS.</param>
internal sealed record EnvoyListener(string Name, BodyMode Mode, Destination Destination, string PickerAuthority, bool Tls = false);
