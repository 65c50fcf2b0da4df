using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>Headers of a message in order, pseudo headers included, names in lower case.</summary>
internal sealed class HeaderList
{
    // They belong to one connection; content-length goes because bodies are streamed in pieces, and may have another length afterwards.
    private static readonly HashSet<string> NotForwarded =
    [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
        "content-length", "host",
    ];

    private readonly List<(string Name, string Value)> _headers = [];

    public IReadOnlyList<(string Name, string Value)> All => _headers;

    /// <summary>Headers for the next hop: without pseudo headers and those of a connection.</summary>
    public IEnumerable<(string Name, string Value)> Forwarded
        => _headers.Where(header => !header.Name.StartsWith(':') && !NotForwarded.Contains(header.Name));

    public void Add(string name, string value) => _headers.Add((name.ToLowerInvariant(), value));

    /// <summary>The first value; null where there is none.</summary>
    public string? Find(string name)
    {
        var index = _headers.FindIndex(header => header.Name == name);
        return index < 0 ? null : _headers[index].Value;
    }

    public void Apply(HeaderMutation? mutation)
    {
        if (mutation is null)
        {
            return;
        }

        foreach (var name in mutation.RemoveHeaders)
        {
            Remove(name.ToLowerInvariant());
        }

        foreach (var option in mutation.SetHeaders)
        {
            Set(option);
        }
    }

    private void Set(HeaderValueOption option)
    {
        var name = option.Header?.Key.ToLowerInvariant() ?? "";
        var value = ExtProcMessages.ValueOf(option.Header);
        var exists = _headers.Exists(header => header.Name == name);
        switch (option.AppendAction)
        {
            // The action's default is no wish: Envoy then overwrites, unless the older field says otherwise.
            case HeaderValueOption.Types.HeaderAppendAction.AppendIfExistsOrAdd when option.Append == true:
                Add(name, value);
                break;
            case HeaderValueOption.Types.HeaderAppendAction.AddIfAbsent when exists:
            case HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExists when !exists:
                break;
            default:
                Remove(name);
                Add(name, value);
                break;
        }
    }

    private void Remove(string name) => _headers.RemoveAll(header => header.Name == name);
}
