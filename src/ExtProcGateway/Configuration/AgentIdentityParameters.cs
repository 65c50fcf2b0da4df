using System.Collections.Immutable;
using System.ComponentModel;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>Parameters of <c>agent-identity</c>.</summary>
public sealed record AgentIdentityParameters
{
    /// <summary>More headers to look for.</summary>
    [Description("More headers to look for, after those that are known, in this order.")]
    public ImmutableArray<string> Headers { get; init; } = [];
}
