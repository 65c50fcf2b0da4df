namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>How Envoy learns where a request goes.</summary>
internal enum Destination
{
    /// <summary>An ORIGINAL_DST cluster that goes to the address in the header <c>x-gateway-destination-endpoint</c>.</summary>
    Header,

    /// <summary>
    /// An <c>override_host</c> cluster, as gateway controllers make it: it reads the metadata <c>envoy.lb</c>/<c>x-gateway-destination-endpoint</c> only, goes round robin
    /// without it, tries another server where one can't be connected to, and tells the picker which has served.
    /// </summary>
    Metadata,
}
