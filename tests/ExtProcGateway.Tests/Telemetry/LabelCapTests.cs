using Orleans.Inference.ExtProcGateway.Telemetry;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class LabelCapTests
{
    [Fact]
    public void Bound_BeyondTheLimit_IsOther()
    {
        var cap = new LabelCap(2);

        Assert.Equal(["a", "b", "other", "a", ""], ((string[])["a", "b", "c", "a", ""]).Select(cap.Bound));
    }

    [Fact]
    public void Bound_LongerThanAName_IsOtherAndTakesNoPlace()
    {
        var cap = new LabelCap(2);
        var longest = new string('m', LabelCap.LongestValue);

        Assert.Equal(["other", longest, "a", "other"], ((string[])[longest + "m", longest, "a", "b"]).Select(cap.Bound));
    }

    [Fact]
    public void Bound_LongNameOfTheConfiguration_StaysItself()
    {
        var cap = new LabelCap(1);
        var name = new string('m', LabelCap.LongestValue + 1);
        cap.Admit(name);

        Assert.Equal(name, cap.Bound(name));
    }
}
