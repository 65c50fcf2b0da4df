using System.Collections.Frozen;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>One model server as discovery found it: one serving port of one pod.</summary>
/// <remarks>Immutable; two are equal when all they say is.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.ModelServerSpec")]
public sealed record ModelServerSpec
{
    /// <summary><c>&lt;namespace&gt;/&lt;pod&gt;-rank-&lt;i&gt;</c>, unique in its pool.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>The pod's IP address, an IPv6 address without brackets.</summary>
    [Id(1)]
    public required string Ip { get; init; }

    /// <summary>The port that serves the model, and its metrics unless they have one of their own.</summary>
    [Id(2)]
    public required int Port { get; init; }

    /// <summary>The pod's labels.</summary>
    [Id(3)]
    public FrozenDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The engine that the pod's label names (<c>vllm</c>, <c>sglang</c>, …); null where it names none.</summary>
    [Id(4)]
    public string? Engine { get; init; }

    /// <summary><c>ip:port</c>, an IPv6 address in brackets.</summary>
    public string Address => Ip.Contains(':', StringComparison.Ordinal) ? $"[{Ip}]:{Port}" : $"{Ip}:{Port}";

    /// <inheritdoc/>
    public bool Equals(ModelServerSpec? other) =>
        ReferenceEquals(this, other) || (other is not null && Id == other.Id && IsScrapedAs(other) && SameLabels(other.Labels));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Ip, Port, Engine, Labels.Count);

    /// <summary>True where <paramref name="other"/> is the same process behind the same port, whatever its labels.</summary>
    internal bool IsScrapedAs(ModelServerSpec other) => Ip == other.Ip && Port == other.Port && Engine == other.Engine;

    private bool SameLabels(FrozenDictionary<string, string> other)
    {
        if (Labels.Count != other.Count)
        {
            return false;
        }

        foreach (var (name, value) in Labels)
        {
            if (!other.TryGetValue(name, out var theirs) || theirs != value)
            {
                return false;
            }
        }

        return true;
    }
}
