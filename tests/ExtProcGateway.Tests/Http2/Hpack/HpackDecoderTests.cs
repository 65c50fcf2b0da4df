using Orleans.Inference.ExtProcGateway.Http2.Hpack;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2.Hpack;

public sealed class HpackDecoderTests
{
    [Theory]
    [InlineData("80")] // index 0
    [InlineData("be")] // an entry of an empty dynamic table
    [InlineData("ffffffffffffff7f")] // an index beyond all bounds
    [InlineData("40")] // cut off before the name
    [InlineData("400a6375")] // cut off in the name
    [InlineData("3fe21f")] // a table of 4097 bytes
    [InlineData("8220")] // a table size after a field
    [InlineData("00018001ff00")] // Huffman: eight bits of padding
    [InlineData("00016181ff")] // Huffman: padding of a whole byte
    [InlineData("0001618118")] // Huffman: padding of zeros
    [InlineData("00016184ffffffff")] // Huffman: end of string
    public void Decode_Malformed_SaysSo(string hex) =>
        Assert.Equal(HpackResult.Malformed, new HpackDecoder(4096, 65536).Decode(Convert.FromHexString(hex), new Block.Collector()));

    [Fact]
    public void Decode_ListTooLarge_LeavesFieldsOutAndKeepsTheTable()
    {
        var decoder = new HpackDecoder(4096, 300);
        var sink = new Block.Collector();
        byte[] block = [.. Block.Literal(0x40, "a", new string('x', 300)), .. Block.Literal(0x40, "b", "1")];
        Assert.Equal(HpackResult.ListTooLarge, decoder.Decode(block, sink));
        Assert.Empty(sink.Fields);

        Assert.Equal(HpackResult.Ok, decoder.Decode([0x80 | 62], sink));
        Assert.Equal([("b", "1")], sink.Fields);
    }

    [Fact]
    public void Decode_NameFromTheEntryThatIsEvicted_KeepsTheName()
    {
        var decoder = new HpackDecoder(4096, 1 << 20);
        var sink = new Block.Collector();
        var name = new string('n', 1000);
        byte[] block =
        [
            .. Block.Literal(0x40, name, new string('v', 2000)),
            0x40 | 62, .. Block.Text(new string('w', 2500)),
            0x80 | 62,
        ];
        Assert.Equal(HpackResult.Ok, decoder.Decode(block, sink));
        Assert.Equal((name, new string('w', 2500)), sink.Fields[^1]);
    }

    [Fact]
    public void Decode_TableSetToZero_ForgetsAll()
    {
        var decoder = new HpackDecoder(4096, 65536);
        var sink = new Block.Collector();
        Assert.Equal(HpackResult.Ok, decoder.Decode(Block.Literal(0x40, "a", "b"), sink));
        Assert.Equal(HpackResult.Malformed, decoder.Decode([0x20, 0x80 | 62], sink));
    }
}
