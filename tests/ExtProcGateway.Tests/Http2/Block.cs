using System.Text;
using Orleans.Inference.ExtProcGateway.Http2.Hpack;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

/// <summary>Header blocks made by hand, and a decoder for those received.</summary>
internal static class Block
{
    public const string EchoPath = "/test.Probe/Echo";

    /// <summary>The headers of a gRPC call, with fields replaced (same name) or added.</summary>
    public static byte[] Grpc(string path = EchoPath, string authority = "localhost", params (string Name, string Value)[] more)
    {
        (string Name, string Value)[] fields =
        [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", authority), ("te", "trailers"), ("content-type", "application/grpc"),
        ];
        return Of([.. fields.Where(field => !more.Any(other => other.Name == field.Name)).Concat(more).OrderBy(field => field.Name[0] != ':')]);
    }

    /// <summary>Fields as literals without indexing.</summary>
    public static byte[] Of(params (string Name, string Value)[] fields) => [.. fields.SelectMany(field => Literal(0x00, field.Name, field.Value))];

    public static byte[] Literal(byte pattern, string name, string value) => [pattern, .. Text(name), .. Text(value)];

    public static byte[] Text(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var length = new byte[6];
        return [.. length.AsSpan(0, HpackInteger.Write(length, 0, 7, bytes.Length)), .. bytes];
    }

    /// <summary>A gRPC message with its prefix.</summary>
    public static byte[] Message(byte[] body, byte flag = 0) => [flag, .. Frame.BigEndian((uint)body.Length), .. body];

    public static byte[] Message(string body) => Message(Encoding.ASCII.GetBytes(body));

    public static Dictionary<string, string> Decode(byte[] block)
    {
        var sink = new Collector();
        Assert.Equal(HpackResult.Ok, new HpackDecoder(4096, 1 << 20).Decode(block, sink));
        return sink.Fields.ToDictionary(field => field.Name, field => field.Value);
    }

    internal sealed class Collector : IHpackSink
    {
        public List<(string Name, string Value)> Fields { get; } = [];

        public void OnField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Fields.Add((Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value)));
    }
}
