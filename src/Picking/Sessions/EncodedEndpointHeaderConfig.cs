using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Parameters of the strategy <c>encoded_endpoint_header</c>.</summary>
public sealed record EncodedEndpointHeaderConfig
{
    /// <summary>The header of requests and responses with the server.</summary>
    [MinLength(1)]
    [ElseDefault]
    [Description("The header with the server: of responses, to be sent back with the session's next request.")]
    public string Header { get; init; } = "x-session-token";
}
