using System.Text;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class MetricsPageTests
{
    private readonly PageReading _vllm = new(BuiltInEngines.Vllm);

    [Theory]
    [InlineData("vllm:num_requests_waiting 4", 4)]
    [InlineData("vllm:num_requests_waiting{} 4.9\n", 4)]
    [InlineData("vllm:num_requests_waiting{a=\"b\"} 4\r\n", 4)]
    [InlineData("\n\n  \tvllm:num_requests_waiting \t{ a = \"b\" , }\t 4 \n", 4)]
    [InlineData("vllm:num_requests_waiting 1.2e+1 1700000000000\n", 12)]
    [InlineData("vllm:num_requests_waiting{a=\"}\\\"{ 9\\\\\",b=\"\\n\"} 4\n", 4)]
    [InlineData("vllm:num_requests_waiting 2147483647", int.MaxValue)]
    [InlineData("#vllm:num_requests_waiting 1\n# vllm:num_requests_waiting 2\nvllm:num_requests_waiting 4\n", 4)]
    [InlineData("vllm:num_requests_waiting_total 1\nvllm:num_requests_waitin 1\nvllm:num_requests_waiting 4\nvllm:num_requests_waiting2 9", 4)]
    public void Read_FormsOfALine_GiveTheValue(string page, int queued)
    {
        var outcome = _vllm.Read(page);

        Assert.Equal((queued, 1, 0), (_vllm.Figures.Queued, outcome.Applied, outcome.Bad));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("+Inf")]
    [InlineData("-Inf")]
    [InlineData("-1")]
    [InlineData("2147483648")]
    [InlineData("1e300")]
    [InlineData("seven")]
    [InlineData("")]
    [InlineData("1 2 3")]
    [InlineData("1 soon")]
    public void Apply_ValueThatCannotBe_KeepsTheLastAndCounts(string value)
    {
        _vllm.Read(Pages.Vllm);
        var outcome = _vllm.Read($"vllm:num_requests_waiting {value}\nvllm:num_requests_running 8\n");

        Assert.Equal((3, 8), (_vllm.Figures.Queued, _vllm.Figures.Running));
        Assert.Equal((1, 1), (outcome.Applied, outcome.Bad));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{a}")]
    [InlineData("{a=b}")]
    [InlineData("{a=\"b}")]
    [InlineData("{a=\"b\\\"}")]
    [InlineData("{a=\"b\"")]
    public void Read_MalformedLabels_CountOnce(string labels)
    {
        var outcome = _vllm.Read($"vllm:num_requests_waiting{labels} 5\n");

        Assert.Equal((0, 0, 1), (_vllm.Figures.Queued, outcome.Applied, outcome.Bad));
    }

    [Theory]
    [InlineData("1.5", 1.0)]
    [InlineData("0", 0.0)]
    [InlineData("1e-3", 0.001)]
    public void Apply_KvUsage_IsClamped(string value, double usage)
    {
        _vllm.Read($"vllm:kv_cache_usage_perc {value}");

        Assert.Equal(usage, _vllm.Figures.KvUsage);
    }

    [Theory]
    [InlineData("vllm:gpu_cache_usage_perc 0.4", 0.4)]
    [InlineData("vllm:gpu_cache_usage_perc 0.4\nvllm:kv_cache_usage_perc 0.6", 0.6)]
    [InlineData("vllm:kv_cache_usage_perc 0.6\nvllm:gpu_cache_usage_perc 0.4", 0.6)]
    public void Apply_OldAndNewName_PrefersTheNew(string page, double usage)
    {
        var outcome = _vllm.Read(page);

        Assert.Equal(usage, _vllm.Figures.KvUsage);
        Assert.Equal((1, 4), (outcome.Applied, outcome.Missing));
    }

    [Theory]
    [InlineData("vllm:num_requests_waiting{e=\"0\"} 1\nvllm:num_requests_waiting{e=\"1\"} 2\n", 1)]
    [InlineData("vllm:num_requests_waiting{e=\"0\"} 1 100\nvllm:num_requests_waiting{e=\"1\"} 2 200\nvllm:num_requests_waiting{e=\"2\"} 3 150\n", 2)]
    [InlineData("vllm:num_requests_waiting{e=\"0\"} 1\nvllm:num_requests_waiting{e=\"1\"} 2 5\n", 2)]
    public void Read_SeveralSeries_GreatestTimestampWinsThenTheFirst(string page, int queued)
    {
        _vllm.Read(page);

        Assert.Equal(queued, _vllm.Figures.Queued);
    }

    [Fact]
    public void Read_OnlyTimestampsBelowZero_IsNoValue()
    {
        var outcome = _vllm.Read("vllm:num_requests_waiting 1 -1\n");

        Assert.Equal((0, 1), (outcome.Applied, outcome.Bad));
    }

    [Fact]
    public void Read_LoraSeries_GreatestValueWins()
    {
        _vllm.Read("""
            vllm:lora_requests_info{max_lora="2",running_lora_adapters="old",waiting_lora_adapters=""} 1.7e9
            vllm:lora_requests_info{running_lora_adapters=" y , x,, x",waiting_lora_adapters="z",max_lora="3"} 1.8e9
            vllm:lora_requests_info{max_lora="2",running_lora_adapters="older",waiting_lora_adapters=""} 1.75e9
            vllm:lora_requests_info{max_lora="2",running_lora_adapters="as-new-but-later-on-the-page",waiting_lora_adapters=""} 1.8e9
            """);

        Assert.Equal("queued 0, running 0, kv 0, cache 0x0, lora [x y] [z] of 3", _vllm.ToString());
    }

    [Fact]
    public void Apply_SameLora_KeepsTheInstance()
    {
        _vllm.Read("vllm:lora_requests_info{max_lora=\"2\",running_lora_adapters=\"a,b\",waiting_lora_adapters=\"\"} 1\n");
        var first = _vllm.Figures.Lora;

        _vllm.Read("vllm:lora_requests_info{max_lora=\"2\",running_lora_adapters=\"a,b\",waiting_lora_adapters=\"\"} 2\n");
        Assert.Same(first, _vllm.Figures.Lora);

        _vllm.Read("vllm:lora_requests_info{max_lora=\"2\",running_lora_adapters=\"b,a\",waiting_lora_adapters=\"\"} 3\n");
        Assert.Same(first, _vllm.Figures.Lora);

        _vllm.Read("vllm:num_requests_waiting 1\n");
        Assert.Same(first, _vllm.Figures.Lora);

        _vllm.Read("vllm:lora_requests_info{max_lora=\"2\",running_lora_adapters=\"b\",waiting_lora_adapters=\"a\"} 4\n");
        Assert.NotSame(first, _vllm.Figures.Lora);
        Assert.Equal(["a"], _vllm.Figures.Lora.Waiting.ToArray());
    }

    [Fact]
    public void Apply_LoraNamesWithEscapes_AreDecoded()
    {
        _vllm.Read("vllm:lora_requests_info{max_lora=\"2\",running_lora_adapters=\"a\\\\b\\\"c,ü\",waiting_lora_adapters=\"\"} 1\n");

        Assert.Equal(["a\\b\"c", "ü"], _vllm.Figures.Lora.Active.ToArray());
    }

    [Theory]
    [InlineData("max_lora=\"many\",running_lora_adapters=\"a\"")]
    [InlineData("max_lora=\"-1\",running_lora_adapters=\"a\"")]
    public void Apply_LoraWithoutANumber_KeepsTheLast(string labels)
    {
        _vllm.Read(Pages.Vllm);
        var last = _vllm.Figures.Lora;
        var outcome = _vllm.Read($"vllm:lora_requests_info{{{labels}}} 1\n");

        Assert.Same(last, _vllm.Figures.Lora);
        Assert.Equal(1, outcome.Bad);
    }

    [Fact]
    public void Apply_CacheInfoWithoutBlocks_AppliesTheRest()
    {
        var outcome = _vllm.Read("vllm:cache_config_info{block_size=\"32\",num_gpu_blocks=\"None\"} 1\n");

        Assert.Equal((32, 0), (_vllm.Figures.Cache.BlockSize, _vllm.Figures.Cache.BlockCount));
        Assert.Equal(1, outcome.Bad);
    }

    [Fact]
    public void Read_LabelValueWithEscapes_MatchesItsMeaning()
    {
        var engine = new EngineMapping("e", [new(MetricField.Queued, "q{kind=\"a\\\\b\"}"), new(MetricField.Running, "q{kind=\"a\",of=\"x\"}")]);
        var reading = new PageReading(engine);
        reading.Read("q{kind=\"a\\\\b\"} 5\nq{of=\"x\",kind=\"a\"} 6\nq{kind=\"a\"} 7\n");

        Assert.Equal((5, 6), (reading.Figures.Queued, reading.Figures.Running));
    }

    [Fact]
    public void Read_ShortFamilyNames_AreFound()
    {
        var engine = new EngineMapping("e", [new(MetricField.Queued, "q"), new(MetricField.Running, "queue_running")]);
        var reading = new PageReading(engine);
        reading.Read("qq 1\nq 2\nqueue_running 3\nqueue 4");

        Assert.Equal((2, 3), (reading.Figures.Queued, reading.Figures.Running));
    }

    [Fact]
    public void Read_GiganticLabels_DoNotHideTheRest()
    {
        var giant = new string('x', 3 * MetricsPage.MaxLineBytes);
        var outcome = _vllm.ReadInPieces(
            Encoding.UTF8.GetBytes($"other{{a=\"{giant}\"}} 1\nvllm:num_requests_running{{a=\"{giant}\"}} 7\nvllm:num_requests_waiting 4\n"),
            [10, 1000, MetricsPage.MaxLineBytes + 5000, 4 * MetricsPage.MaxLineBytes, (5 * MetricsPage.MaxLineBytes) + 100]);

        Assert.Equal(4, _vllm.Figures.Queued);
        Assert.Equal((1, 1), (outcome.Applied, outcome.Bad));
    }

    [Theory]
    [InlineData("<html>", true)]
    [InlineData("\r\n \n  <!doctype html><html>vllm:num_requests_waiting 4", true)]
    [InlineData("# <html>\n<html>", false)]
    [InlineData("", false)]
    public void Read_Html_IsSeen(string page, bool html)
    {
        _vllm.Read(page);

        Assert.Equal(html, _vllm.Page.LooksLikeHtml);
    }

    [Fact]
    public void Read_GarbageBytes_FindsNothing()
    {
        var garbage = new byte[100_000];
        new Random(5).NextBytes(garbage);

        Assert.Equal(0, _vllm.Read(garbage).Applied);
    }
}
