using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class MetricsPageProperties
{
    [Fact]
    public void Read_CutAtEveryByte_GivesTheSame()
    {
        foreach (var (engine, page) in new[]
        {
            (BuiltInEngines.Vllm, Pages.Vllm), (BuiltInEngines.Sglang, Pages.Sglang), (BuiltInEngines.TritonTensorRtLlm, Pages.TritonTensorRtLlm),
        })
        {
            var text = Encoding.UTF8.GetBytes(page.TrimEnd());
            var whole = new PageReading(engine);
            whole.Read(text);
            for (var cut = 0; cut <= text.Length; cut++)
            {
                var cutOnce = new PageReading(engine);
                cutOnce.ReadInPieces(text, [cut]);
                Assert.Equal(whole.ToString(), cutOnce.ToString());
            }

            var bytewise = new PageReading(engine);
            bytewise.ReadInPieces(text, Enumerable.Range(0, text.Length));
            Assert.Equal(whole.ToString(), bytewise.ToString());
        }
    }

    [Fact]
    public void Read_AnyPageInAnyPieces_GivesTheSameAndNeverThrows()
    {
        var line = Gen.OneOf(
            Gen.Elements(Pages.Vllm.Split('\n')),
            Gen.Elements("vllm:num_requests_waiting", "vllm:num_requests_waiting{", "vllm:num_requests_waiting{a=\"", "{}", "\r", " \t", "# x", "vllm:lora_requests_info{max_lora=\"1\",running_lora_adapters=\"q\\\"\"} 5 7"),
            ArbMap.Default.ArbFor<byte[]>().Generator.Select(bytes => Encoding.Latin1.GetString(bytes)));
        var input = from lines in line.ArrayOf()
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (Text: Encoding.UTF8.GetBytes(string.Join('\n', lines)), seed);

        Prop.ForAll(input.ToArbitrary(), given =>
        {
            var random = new Random(given.seed);
            var whole = new PageReading(BuiltInEngines.Vllm);
            var pieces = new PageReading(BuiltInEngines.Vllm);
            var cuts = Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(given.Text.Length + 1)).Order().ToArray();
            return whole.Read(given.Text) == pieces.ReadInPieces(given.Text, cuts) && whole.ToString() == pieces.ToString();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Read_AnyFiniteNumber_IsReadAsDotNetReadsIt()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat>(), number =>
        {
            var value = Math.Abs(number.Get);
            var reading = new PageReading(BuiltInEngines.Vllm);
            reading.Read($"vllm:kv_cache_usage_perc {value.ToString("R", CultureInfo.InvariantCulture)}\n");
            return reading.Figures.KvUsage == Math.Min(1, value);
        }).QuickCheckThrowOnFailure();
    }
}
