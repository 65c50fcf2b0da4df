using System.Text;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class XxHash64Tests
{
    [Theory]
    [InlineData("", 0xef46db3751d8e999)]
    [InlineData("a", 0xd24ec4f1a98c6e5b)]
    [InlineData("abc", 0x44bc2cf5ad770999)]
    public void Hash_PublishedInput_GivesPublishedHash(string input, ulong hash) => Assert.Equal(hash, XxHash64.Hash(Encoding.UTF8.GetBytes(input)));

    [Fact]
    public void Stream_EveryLengthCutAnywhere_GivesTheHashOfTheWhole()
    {
        var bytes = new byte[100];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var whole = XxHash64.Hash(bytes.AsSpan(0, length));
            for (var cut = 0; cut <= length; cut++)
            {
                var stream = default(XxHash64Stream);
                stream.Reset();
                stream.Append(bytes.AsSpan(0, cut));
                stream.Append(bytes.AsSpan(cut, length - cut));
                Assert.Equal(whole, stream.Finish());
            }
        }
    }

    [Fact]
    public void HashPair_TwoWords_IsTheHashOfTheirBytes()
    {
        byte[] bytes = [.. BitConverter.GetBytes(0x0123456789abcdefUL), .. BitConverter.GetBytes(0xfedcba9876543210UL)];

        Assert.Equal(XxHash64.Hash(bytes), XxHash64.HashPair(0x0123456789abcdef, 0xfedcba9876543210));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(256)]
    public void HashWithSuffix_WholeStripes_IsTheHashOfBoth(int length)
    {
        var bytes = new byte[length + 8];
        new Random(length).NextBytes(bytes);

        Assert.Equal(XxHash64.Hash(bytes), XxHash64.HashWithSuffix(bytes.AsSpan(0, length), BitConverter.ToUInt64(bytes, length)));
    }
}
