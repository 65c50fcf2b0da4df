namespace Grpc.AspNetCore.Server;

/// <summary>What an application has mapped: each unknown service and method needs one endpoint only.</summary>
internal sealed class MappedServices
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>True for the first service.</summary>
    public bool IsFirst => _names.Count == 0;

    /// <summary>False when the service was mapped before.</summary>
    public bool Add(string serviceName) => _names.Add(serviceName);
}
