namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>How Envoy learns where a request goes.</summary>
internal enum Destination
{
    /// <summary>An ORIGINAL_DST cluster that goes to the address in the header <c>x-gateway-destination-endpoint</c>.</summary>
    Header,

    /// <summary>An <c>override_host</c> cluster that reads the metadata <c>envoy.lb</c>/<c>x-gateway-destination-endpoint</c> only, and goes round robin without it.</summary>
    Metadata,
}
