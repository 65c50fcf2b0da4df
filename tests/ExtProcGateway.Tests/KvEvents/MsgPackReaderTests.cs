using System.Text;
using Orleans.Inference.ExtProcGateway.KvEvents;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.ExtProcGateway.Tests.KvEvents;

public sealed class MsgPackReaderTests
{
    /// <summary>Every form of a number: by first byte, unsigned and signed of 1, 2, 4, 8 bytes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(uint.MaxValue)]
    [InlineData(1L << 32)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(-32)]
    [InlineData(-33)]
    [InlineData(-128)]
    [InlineData(-129)]
    [InlineData(-32_769)]
    [InlineData(int.MinValue - 1L)]
    [InlineData(long.MinValue)]
    public void ReadInteger_EveryForm_IsTheNumber(long number)
    {
        var reader = new MsgPackReader(MsgPack.Of(number));

        Assert.Equal((ulong)number, reader.ReadInteger());
        Assert.False(reader.Failed);
        Assert.Equal(MsgPackType.None, reader.Next);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(70_000)]
    public void ReadTextAndBinary_EveryLength_AreTheBytes(int length)
    {
        var text = new string('x', length);
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new MsgPackReader([.. MsgPack.Of(text), .. MsgPack.Of(bytes)]);

        Assert.True(reader.ReadText().SequenceEqual(bytes));
        Assert.True(reader.ReadBinary().SequenceEqual(bytes));
        Assert.False(reader.Failed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(70_000)]
    public void ReadArrayAndMap_EveryLength_AreTheCounts(int count)
    {
        var array = new MsgPackReader(MsgPack.Of(Enumerable.Range(0, count)));
        var map = new MsgPackReader(MsgPack.Of(Enumerable.Range(0, count).ToDictionary(i => i, i => i)));

        Assert.Equal(count, array.ReadArray());
        Assert.Equal(count, map.ReadMap());
        Assert.False(array.Failed || map.Failed);
    }

    [Fact]
    public void Skip_AllKinds_EndsBehindThem()
    {
        byte[] extensions = [0xd4, 1, 2, 0xd8, 1, .. new byte[16], 0xc7, 3, 1, 0, 0, 0, 0xc8, 0, 1, 1, 0, 0xc9, 0, 0, 0, 1, 1, 0];
        var value = MsgPack.Of(new object?[] { null, true, false, 1, -1, 300, 1.5, "text", new byte[300], new Dictionary<string, object?> { ["a"] = new[] { 1, 2 } } });
        var reader = new MsgPackReader([.. value, .. extensions, 0xca, 0, 0, 0, 0, 5]);

        for (var i = 0; i < 1 + 5 + 1; i++)
        {
            reader.Skip();
        }

        Assert.Equal(5u, reader.ReadInteger());
        Assert.False(reader.Failed);
    }

    /// <summary>A million arrays within each other: no recursion, so no end of the stack.</summary>
    [Fact]
    public void Skip_VeryDeep_Works()
    {
        var reader = new MsgPackReader([.. Enumerable.Repeat((byte)0x91, 1_000_000), 1]);

        reader.Skip();

        Assert.False(reader.Failed);
        Assert.Equal(1_000_001, reader.Consumed);
    }

    [Fact]
    public void Skip_CutAnywhere_FailsAndStays()
    {
        var whole = MsgPack.Of(new object?[] { 300, "text", new byte[40], 1.5, new Dictionary<string, object?> { ["a"] = -70_000 }, Enumerable.Repeat(7, 20) });
        for (var length = 0; length < whole.Length; length++)
        {
            var reader = new MsgPackReader(whole.AsSpan(0, length));
            reader.Skip();

            Assert.True(reader.Failed, $"cut at {length}");
            Assert.Equal(0u, reader.ReadInteger());
            Assert.True(reader.ReadText().IsEmpty);
            Assert.Equal(0, reader.ReadArray());
        }
    }

    /// <summary>A count of what can't be there is no loop of four billion steps.</summary>
    [Theory]
    [InlineData(new byte[] { 0xdd, 0xff, 0xff, 0xff, 0xff, 1 })]
    [InlineData(new byte[] { 0xdf, 0x80, 0x00, 0x00, 0x00, 1, 1 })]
    [InlineData(new byte[] { 0x9f, 1, 2, 3 })]
    public void ReadArrayAndMap_CountBeyondTheEnd_Fails(byte[] bytes)
    {
        var reader = new MsgPackReader(bytes);

        Assert.Equal(0, reader.Next == MsgPackType.Array ? reader.ReadArray() : reader.ReadMap());
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Read_OtherType_Fails()
    {
        var number = new MsgPackReader(MsgPack.Of("5"));
        var text = new MsgPackReader(MsgPack.Of(5));
        var never = new MsgPackReader([0xc1]);
        number.ReadInteger();
        text.ReadText();
        never.Skip();

        Assert.True(number.Failed && text.Failed && never.Failed);
    }

    [Fact]
    public void Skip_Garbage_EndsWithinTheBytes()
    {
        var random = new Random(5);
        var bytes = new byte[64];
        for (var round = 0; round < 100_000; round++)
        {
            random.NextBytes(bytes);
            var length = random.Next(bytes.Length);
            var reader = new MsgPackReader(bytes.AsSpan(0, length));
            while (!reader.Failed && reader.Next != MsgPackType.None)
            {
                reader.Skip();
            }

            Assert.InRange(reader.Consumed, 0, length);
        }
    }
}
