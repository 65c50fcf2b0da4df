using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.Silo.Tests.Flags;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "vllm", ["tier"] = "gold", ["llm-d.ai/empty"] = "" };

    [Theory]
    [InlineData("app=vllm", true)]
    [InlineData("app==vllm", true)]
    [InlineData("app=other", false)]
    [InlineData("app=vllm,tier=gold", true)]
    [InlineData("app=vllm, tier = lead", false)]
    [InlineData("app!=other", true)]
    [InlineData("app!=vllm", false)]
    [InlineData("none!=x", true)]
    [InlineData("none=x", false)]
    [InlineData("app", true)]
    [InlineData("none", false)]
    [InlineData("!none", true)]
    [InlineData("! app", false)]
    [InlineData("tier in (gold, lead)", true)]
    [InlineData("tier in (lead),app=vllm", false)]
    [InlineData("tier notin (lead,tin),app=vllm", true)]
    [InlineData("tier notin (gold)", false)]
    [InlineData("none notin (gold)", true)]
    [InlineData("llm-d.ai/empty=", true)]
    [InlineData("llm-d.ai/empty in ()", true)]
    [InlineData("", true)]
    public void Matches_ByKubernetesRules(string text, bool expected)
    {
        Assert.True(LabelSelector.TryParse(text, out var selector, out _));
        Assert.Equal(expected, selector.Matches(Labels));
    }

    [Theory]
    [InlineData("=x", "=x")]
    [InlineData("a=b,!", "!")]
    [InlineData("a b", "a b")]
    [InlineData("a=b=c", "a=b=c")]
    [InlineData("a in b", "a in b")]
    [InlineData("a on (b)", "a on (b)")]
    [InlineData("a in (b", "a in (b")]
    [InlineData("a in (b))", "a in (b))")]
    [InlineData("a>1", "a>1")]
    public void TryParse_Other_NamesTheFault(string text, string expected)
    {
        Assert.False(LabelSelector.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("tier notin (b,a), app==vllm ,!x,y, z!=1", "app=vllm,tier notin (a,b),!x,y,z!=1")]
    public void ToString_IsTheTextFormInOrder(string text, string expected)
    {
        Assert.True(LabelSelector.TryParse(text, out var selector, out _));
        Assert.Equal(expected, selector.ToString());
    }
}
