using System.Text;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Which model server has answered, as the gateway says with the response's headers (endpoint-picker protocol, «served»).</summary>
internal static class Serving
{
    /// <summary>Reads it.</summary>
    /// <returns>The address, empty where it is not said; and what a conformance test wants to be told: the address, or why there is none.</returns>
    public static Outcome Read(ReadOnlySpan<byte> metadata)
    {
        if (!MetadataReader.TryFind(metadata, WellKnown.DestinationNamespace, WellKnown.ServedKey, out var value) || !MetadataReader.TryReadString(value, out var address) || address.IsEmpty)
        {
            return new Outcome { Address = "", Verdict = MetadataReader.Has(metadata, WellKnown.DestinationNamespace) ? "fail: missing destination endpoint served metadata"u8 : "fail: missing envoy lb metadata"u8 };
        }

        return new Outcome { Address = Encoding.UTF8.GetString(address), Verdict = address };
    }

    /// <summary>What was read.</summary>
    internal readonly ref struct Outcome
    {
        public string Address { get; init; }

        public ReadOnlySpan<byte> Verdict { get; init; }
    }
}
