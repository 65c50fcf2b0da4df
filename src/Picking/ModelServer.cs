using System.Collections.Frozen;
using System.Text;

namespace Orleans.Inference.Picking;

/// <summary>One serving port of one pod of a pool: the unit of picking.</summary>
/// <remarks>Immutable, shared by every view that contains the server; safe from any thread.</remarks>
public sealed class ModelServer
{
    /// <param name="id"><c>&lt;namespace&gt;/&lt;pod&gt;-rank-&lt;i&gt;</c>, unique in its pool.</param>
    /// <param name="address"><c>ip:port</c>, an IPv6 address in brackets.</param>
    /// <param name="labels">The pod's labels.</param>
    public ModelServer(string id, string address, FrozenDictionary<string, string> labels)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentNullException.ThrowIfNull(labels);
        Id = id;
        Address = address;
        AddressUtf8 = Encoding.UTF8.GetBytes(address);
        Labels = labels;
    }

    /// <summary><c>&lt;namespace&gt;/&lt;pod&gt;-rank-&lt;i&gt;</c>.</summary>
    public string Id { get; }

    /// <summary><c>ip:port</c>, as it goes into the destination header.</summary>
    public string Address { get; }

    /// <summary><see cref="Address"/> as the bytes that go on the wire.</summary>
    public ReadOnlyMemory<byte> AddressUtf8 { get; }

    /// <summary>The pod's labels.</summary>
    public FrozenDictionary<string, string> Labels { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Address})";
}
