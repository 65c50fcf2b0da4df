using System.Diagnostics;
using System.Text;
using Orleans.Inference.ExtProcGateway.Tracing;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

public sealed class TraceParentTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    [Theory]
    [InlineData($"00-{Trace}-{Span}-01", true, true)]
    [InlineData($"00-{Trace}-{Span}-00", true, false)]
    [InlineData($"00-{Trace}-{Span}-03", true, true)]
    [InlineData($"00-{Trace}-{Span}-fe", true, false)]
    [InlineData($"00-{Trace}-{Span}-0b", true, true)]
    [InlineData($"cc-{Trace}-{Span}-01-more", true, true)]
    [InlineData($"cc-{Trace}-{Span}-01", true, true)]
    [InlineData($"cc-{Trace}-{Span}-01.more", false, false)]
    [InlineData($"00-{Trace}-{Span}-01-more", false, false)]
    [InlineData($"ff-{Trace}-{Span}-01", false, false)]
    [InlineData($"00-00000000000000000000000000000000-{Span}-01", false, false)]
    [InlineData($"00-{Trace}-0000000000000000-01", false, false)]
    [InlineData($"00-4BF92F3577B34DA6A3CE929D0E0E4736-{Span}-01", false, false)]
    [InlineData($"00-{Trace}-{Span}-0g", false, false)]
    [InlineData($"00-{Trace}-{Span}-0", false, false)]
    [InlineData($"0x-{Trace}-{Span}-01", false, false)]
    [InlineData($"00.{Trace}-{Span}-01", false, false)]
    [InlineData("", false, false)]
    public void TryParse_Header_IsReadAsW3cSays(string header, bool valid, bool sampled)
    {
        Assert.Equal(valid, TraceParent.TryParse(Encoding.ASCII.GetBytes(header), out var read));
        if (valid)
        {
            Assert.Equal(sampled, read);
        }
    }

    [Fact]
    public void ToContext_Header_HasItsParts()
    {
        var context = TraceParent.ToContext(Encoding.ASCII.GetBytes($"00-{Trace}-{Span}-01"), sampled: true, "a=1"u8);

        Assert.Equal((Trace, Span, "a=1", ActivityTraceFlags.Recorded, true), (context.TraceId.ToHexString(), context.SpanId.ToHexString(), context.TraceState, context.TraceFlags, context.IsRemote));
    }

    [Fact]
    public void WriteUnsampled_Twice_GivesTwoValidTracesThatNobodyRecords()
    {
        var random = new Random(1);
        var (one, other) = (new byte[TraceParent.Length], new byte[TraceParent.Length]);

        TraceParent.WriteUnsampled(random, one);
        TraceParent.WriteUnsampled(random, other);

        Assert.True(TraceParent.TryParse(one, out var sampled));
        Assert.False(sampled);
        Assert.True(TraceParent.TryParse(other, out sampled));
        Assert.False(sampled);
        Assert.NotEqual(one, other);
    }
}
