using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class ServerNumbersTests
{
    [Fact]
    public void Join_ServersThatComeAndGo_GivesTheLowestFreeNumber()
    {
        var numbers = new ServerNumbers();
        Assert.Equal(0, numbers.Join("a"));
        Assert.Equal(1, numbers.Join("b"));
        Assert.Equal(2, numbers.Join("c"));
        Assert.Equal(1, numbers.Join("b"));

        Assert.True(numbers.Leave("c", out var left));
        Assert.Equal(2, left);
        Assert.False(numbers.Leave("c", out _));
        Assert.True(numbers.Leave("a", out _));

        // Neither number is free yet.
        Assert.Equal(3, numbers.Join("a"));
        numbers.Free(2);
        numbers.Free(0);
        Assert.Equal(0, numbers.Join("d"));
        Assert.Equal(2, numbers.Join("c"));
        Assert.Equal(4, numbers.Join("e"));
    }

    [Fact]
    public void Join_AllNumbersTaken_Throws()
    {
        var numbers = new ServerNumbers();
        for (var i = 0; i < PrefixIndex.MaxServers; i++)
        {
            numbers.Join($"{i}");
        }

        Assert.Throws<InvalidOperationException>(() => numbers.Join("one more"));
    }
}
