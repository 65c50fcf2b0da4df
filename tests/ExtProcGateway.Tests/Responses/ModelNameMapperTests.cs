using System.Buffers;
using System.Text;
using Orleans.Inference.ExtProcGateway.Responses;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Responses;

public sealed class ModelNameMapperTests
{
    private static string Map(ModelNameMapper mapper, string body, params int[] cuts)
    {
        var output = new ArrayBufferWriter<byte>();
        var bytes = Encoding.UTF8.GetBytes(body);
        var from = 0;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            var piece = bytes.AsSpan(from, cut - from);
            if (!mapper.Map(piece, last: cut == bytes.Length, output))
            {
                output.Write(piece);
            }

            from = cut;
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Theory]
    [InlineData("""{"id":"1","model":"target","x":1}""", """{"id":"1","model":"asked","x":1}""")]
    [InlineData("""{"id":"1","model": "target","x":1}""", """{"id":"1","model": "asked","x":1}""")]
    [InlineData("""{"model":"target","m":{"model": "target"}}""", """{"model":"asked","m":{"model": "asked"}}""")]
    [InlineData("""{"model":"target-2","a":"target","model":  "target","Model":"target"}""", """{"model":"target-2","a":"target","model":  "target","Model":"target"}""")]
    [InlineData("""{"text":"\"model\":\"target\""}""", """{"text":"\"model\":\"target\""}""")]
    [InlineData("""{"model":"model":"target"}""", """{"model":"model":"asked"}""")]
    [InlineData("""{"model":"targe"model":"target"}""", """{"model":"targe"model":"asked"}""")]
    [InlineData("\"model\":\"targe", "\"model\":\"targe")]
    [InlineData("\"model\":\"target\"\"model\":\"target\"\"mod", "\"model\":\"asked\"\"model\":\"asked\"\"mod")]
    [InlineData("", "")]
    public void Map_WholeOrCutAtEveryPairOfBytes_ReplacesTheName(string body, string expected)
    {
        var pattern = new ModelNamePattern("target", "asked");

        Assert.Equal(expected, Map(new ModelNameMapper(pattern), body));
        for (var first = 0; first <= body.Length; first++)
        {
            for (var second = first; second <= body.Length; second++)
            {
                Assert.Equal((first, second, expected), (first, second, Map(new ModelNameMapper(pattern), body, first, second)));
            }
        }
    }

    [Theory]
    [InlineData("a\"b\\c", "t", "{\"model\":\"t\"}", "{\"model\":\"a\\\"b\\\\c\"}")]
    [InlineData("a\nb", "t", "{\"model\":\"t\"}", "{\"model\":\"a\\u000ab\"}")]
    [InlineData("é模", "x/y:1\"", "{\"model\":\"x/y:1\\\"\"}", "{\"model\":\"é模\"}")]
    public void Map_NamesThatJsonEscapes_AreEscaped(string incoming, string target, string body, string expected) =>
        Assert.Equal(expected, Map(new ModelNameMapper(new ModelNamePattern(target, incoming)), body));

    [Fact]
    public void Map_NothingToReplace_PassesThePiece()
    {
        var mapper = new ModelNameMapper(new ModelNamePattern("target", "asked"));
        var output = new ArrayBufferWriter<byte>();

        Assert.False(mapper.Map("data: {\"model\":\"other\"}\n\n"u8, last: false, output));
        Assert.False(mapper.Map([], last: true, output));
        Assert.Equal((0, 0), (output.WrittenCount, mapper.Held));
    }

    [Fact]
    public void Map_BeginningOfAMatch_IsHeldBackAndNoMore()
    {
        var mapper = new ModelNameMapper(new ModelNamePattern("target", "asked"));
        var output = new ArrayBufferWriter<byte>();

        Assert.True(mapper.Map("{\"model\": \"target"u8, last: false, output));

        Assert.Equal("{", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal("\"model\": \"target".Length, mapper.Held);
    }

    [Fact]
    public void Flush_BytesHeldBack_WritesThem()
    {
        var mapper = new ModelNameMapper(new ModelNamePattern("target", "asked"));
        var output = new ArrayBufferWriter<byte>();
        mapper.Map("{\"mod"u8, last: false, output);

        mapper.Flush(output);
        mapper.Flush(output);

        Assert.Equal("{\"mod", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(0, mapper.Held);
    }

    [Theory]
    [InlineData("a", "b", true)]
    [InlineData("a", "a", false)]
    [InlineData("", "b", false)]
    [InlineData("a", null, false)]
    public void IsNeeded_Names_TellsWhetherResponsesChange(string? target, string? incoming, bool needed) =>
        Assert.Equal(needed, ModelNamePattern.IsNeeded(target, incoming));

    [Fact]
    public void Map_PiecesOnceOneWasHeldBack_AllocatesNothing()
    {
        var mapper = new ModelNameMapper(new ModelNamePattern("target", "asked"));
        var output = new ArrayBufferWriter<byte>(4096);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            output.ResetWrittenCount();
            mapper.Map("data: {\"model\":\"target\",\"mod"u8, last: false, output);
            mapper.Map("el\":\"target\"}\n\n"u8, last: false, output);
            mapper.Map("data: {}"u8, last: false, output);
        }));
        Assert.Equal("data: {\"model\":\"asked\",\"model\":\"asked\"}\n\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
