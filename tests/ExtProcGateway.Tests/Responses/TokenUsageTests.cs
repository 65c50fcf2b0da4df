using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.ExtProcGateway.Tests.Responses;

public sealed class TokenUsageTests
{
    [Fact]
    public void Merge_BlockWithBothHalves_OwnsTheTotal() =>
        Assert.Equal(new TokenUsage(1, 2, 30, 4), new TokenUsage(9, 9, 18, 4).Merge(new TokenUsage(1, 2, 30, null)));

    [Fact]
    public void Merge_PartialBlock_KeepsTheOtherHalfAndAddsUp() =>
        Assert.Equal(new TokenUsage(9, 2, 11, 0), new TokenUsage(9, 0, 9, 4).Merge(new TokenUsage(0, 2, 2, 0)));

    [Fact]
    public void Merge_EmptyBlock_ChangesNoHalf() =>
        Assert.Equal(new TokenUsage(9, 8, 17, 4), new TokenUsage(9, 8, 17, 4).Merge(default));

    [Fact]
    public void Merge_BothHalvesWithoutTotal_AddsUp() =>
        Assert.Equal(new TokenUsage(3, 4, 7, null), default(TokenUsage).Merge(new TokenUsage(3, 4, 0, null)));
}
