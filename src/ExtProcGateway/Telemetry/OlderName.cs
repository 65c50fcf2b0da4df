namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The name under which older pickers expose the same figures, so that dashboards made for those go on working.</summary>
/// <param name="Labels">Each is a label of the newer name, or one that <see cref="Renamed"/> leads to.</param>
internal sealed record OlderName(string Name, string[] Labels)
{
    /// <summary>What a label of an older name is called now.</summary>
    public static string Renamed(string label) => label switch
    {
        "pod_name" => "endpoint_name",
        "model_server_pod" => "model_server_endpoint",
        _ => label,
    };
}
