using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class FilterFindingTests
{
    private readonly FilterFinding _finding = new(enabled: true, firstPause: 10, recheckAfter: 100);

    [Fact]
    public void IsFiltered_Never_IsNeverTried()
    {
        var finding = new FilterFinding(enabled: false, firstPause: 10, recheckAfter: 100);
        finding.OnWhole(0b111, 5000);
        finding.OnReplaced();

        Assert.False(finding.IsFiltered(long.MaxValue));
    }

    [Fact]
    public void OnFiltered_SameFamiliesAndSmaller_HoldsUntilTheRecheck()
    {
        Assert.False(_finding.IsFiltered(0));
        _finding.OnWhole(0b101, 5000);
        Assert.True(_finding.IsFiltered(0));
        Assert.True(_finding.OnFiltered(0b111, 700, 0));

        Assert.True(_finding.IsFiltered(99));
        Assert.False(_finding.IsFiltered(100));
        _finding.OnWhole(0b101, 5000);
        Assert.True(_finding.IsFiltered(100));
    }

    [Theory]
    [InlineData(0b001u, 700)]
    [InlineData(0b000u, 0)]
    [InlineData(0b101u, 5000)]
    public void OnFiltered_LessFamiliesOrNotSmaller_GoesBackToTheWholePage(uint seen, long size)
    {
        Try(seen, size, 0, expected: false);

        Assert.False(_finding.IsFiltered(9));
        _finding.OnWhole(0b101, 5000);
        Assert.False(_finding.IsFiltered(9));
    }

    [Fact]
    public void OnFiltered_FailsAgainAndAgain_PausesDoubleUpToTheRecheck()
    {
        var now = 0L;
        foreach (var pause in new[] { 10, 20, 40, 80, 100, 100 })
        {
            Try(0, 0, now, expected: false);
            _finding.OnWhole(0b101, 5000);
            Assert.False(_finding.IsFiltered(now + pause - 1));
            now += pause;
        }

        Try(0b101, 700, now, expected: true);
    }

    [Fact]
    public void OnReplaced_Filtered_ChecksAgain()
    {
        Try(0b101, 700, 0, expected: true);
        _finding.OnReplaced();

        Assert.False(_finding.IsFiltered(1));
        _finding.OnWhole(0b001, 5000);
        Assert.True(_finding.IsFiltered(1));
        Assert.True(_finding.OnFiltered(0b001, 700, 1));
    }

    private void Try(uint seen, long size, long now, bool expected)
    {
        Assert.False(_finding.IsFiltered(now));
        _finding.OnWhole(0b101, 5000);
        Assert.True(_finding.IsFiltered(now));
        Assert.Equal(expected, _finding.OnFiltered(seen, size, now));
    }
}
