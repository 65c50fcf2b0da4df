using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class ScrapingAllocationTests
{
    [Theory]
    [InlineData("vllm", Pages.Vllm)]
    [InlineData("sglang", Pages.Sglang)]
    [InlineData("trtllm-serve", Pages.Trtllm)]
    [InlineData("triton-tensorrt-llm", Pages.TritonTensorRtLlm)]
    [InlineData("triton", Pages.Triton)]
    public void Read_SteadyState_AllocatesNothing(string engine, string page)
    {
        var reading = new PageReading(BuiltInEngines.Find(engine)!);
        var text = Pages.WithHistograms(page, 100_000);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                reading.Read(text);
            }
        }));
    }
}
