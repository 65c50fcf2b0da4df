using System.Text;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>The HTTP/2 header block of a request.</summary>
internal static class RequestHead
{
    /// <summary>Literals that enter no table, so that the block is the same for every stream.</summary>
    public static byte[] Block()
    {
        var block = new List<byte>();
        foreach (var (name, value) in new[]
        {
            (":method", "POST"), (":scheme", "http"), (":path", "/envoy.service.ext_proc.v3.ExternalProcessor/Process"), (":authority", "epp.default:9002"),
            ("te", "trailers"), ("content-type", "application/grpc"), ("x-envoy-internal", "true"),
        })
        {
            block.Add(0x10); // literal, never indexed, new name
            block.Add((byte)name.Length);
            block.AddRange(Encoding.ASCII.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.ASCII.GetBytes(value));
        }

        return [.. block];
    }
}
