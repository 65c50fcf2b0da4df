using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary><c>destination-endpoint-served-verifier</c>: tells the client which server has answered, for conformance tests.</summary>
internal sealed class DestinationServedVerifier
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("destination-endpoint-served-verifier", _ => new DestinationServedVerifier()) with
    {
        Roles = PluginRoles.RequestControl,
        Summary = "For conformance tests: the response header `x-conformance-test-served-endpoint` names the server that has answered, as the proxy tells it, or what is missing.",
    };
}
