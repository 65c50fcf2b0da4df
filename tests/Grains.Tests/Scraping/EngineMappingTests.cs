using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class EngineMappingTests
{
    [Theory]
    [InlineData(null, null, "vllm")]
    [InlineData("sglang", null, "sglang")]
    [InlineData(null, "trtllm-serve", "trtllm-serve")]
    [InlineData("triton", "sglang", "triton")]
    [InlineData("triton-tensorrt-llm", null, "triton-tensorrt-llm")]
    [InlineData("something-else", "sglang", "vllm")]
    public void Find_Labels_ChooseTheEngine(string? label, string? legacyLabel, string engine)
    {
        var labels = new Dictionary<string, string> { ["app"] = "m" };
        if (label is not null)
        {
            labels[EngineMapping.EngineLabel] = label;
        }

        if (legacyLabel is not null)
        {
            labels[EngineMapping.LegacyEngineLabel] = legacyLabel;
        }

        Assert.Equal(engine, EngineTable.BuiltIn.Find(labels, named: null).Name);
    }

    [Theory]
    [InlineData("vllm", Pages.Vllm, "queued 3, running 7, kv 0.25, cache 16x19208, lora [a b] [] of 4")]
    [InlineData("sglang", Pages.Sglang, "queued 5, running 11, kv 0.28, cache 64x5000, lora [] [] of 0")]
    [InlineData("trtllm-serve", Pages.Trtllm, "queued 9, running 2, kv 0.5, cache 32x1024, lora [] [] of 0")]
    [InlineData("triton-tensorrt-llm", Pages.TritonTensorRtLlm, "queued 4, running 6, kv 0.125, cache 64x6239, lora [] [] of 0")]
    [InlineData("triton", Pages.Triton, "queued 8, running 73, kv 0, cache 0x0, lora [] [] of 0")]
    public void Specs_PageOfTheEngine_GivesItsFigures(string engine, string page, string figures)
    {
        var small = new PageReading(BuiltInEngines.Find(engine)!);
        var large = new PageReading(BuiltInEngines.Find(engine)!);

        var outcome = small.Read(page);
        large.Read(Pages.WithHistograms(page, 200_000));

        Assert.Equal(figures, small.ToString());
        Assert.Equal(figures, large.ToString());
        Assert.Equal((0, 0), (outcome.Missing, outcome.Bad));
    }
}
