using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Responses;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Responses;

public sealed class UsageReaderTests
{
    private const string ResponsesStream = """
        event: response.created
        data: {"type":"response.created","response":{"id":"r","usage":null,"model":"m"}}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","delta":"the \"usage\": {\"input_tokens\":5}"}

        event: response.completed
        data: {"response":{"id":"r","output":[{"content":[{"text":"usage }]"}]}],"usage":{"input_tokens":31,"input_tokens_details":{"cached_tokens":16},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":38}},"type":"response.completed"}


        """;

    private const string AnthropicStream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg","usage":{"input_tokens":25,"cache_read_input_tokens":12,"output_tokens":1}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"usage"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private const string SgLangStream = """
        data: {"text":"a","meta_info":{"id":"1","finish_reason":null,"prompt_tokens":3,"completion_tokens":1,"cached_tokens":2}}

        data: {"text":"ab","meta_info":{"id":"1","finish_reason":{"type":"length","length":2},"prompt_tokens":3,"completion_tokens":2,"cached_tokens":2}}

        data: [DONE]


        """;

    private static UsageReader Read(string body, ResponseFormat format, bool events)
    {
        var reader = new UsageReader(format, events);
        reader.Read(Encoding.UTF8.GetBytes(body));
        reader.End();
        return reader;
    }

    [Theory]
    [InlineData("""{"model":"m","choices":[{"text":"a"}],"usage":{"prompt_tokens":11,"total_tokens":111,"completion_tokens":100}}""", 11, 100, 111, null)]
    [InlineData("""{ "usage" : { "prompt_tokens" : 11 , "prompt_tokens_details" : { "cached_tokens" : 10 , "audio_tokens" : 1 } , "completion_tokens" : 2 } }""", 11, 2, 13, 10)]
    [InlineData("""{"usage":{"input_tokens":5,"output_tokens":6,"total_tokens":12,"input_tokens_details":{"cached_tokens":0}}}""", 5, 6, 12, 0)]
    [InlineData("""{"usage":{"prompt_tokens":"5","completion_tokens":"6.9","total_tokens":"1e1"}}""", 5, 6, 10, null)]
    [InlineData("""{"usage":{"prompt_tokens":5.0,"completion_tokens":6.9e0,"total_tokens":12.5}}""", 5, 6, 12, null)]
    [InlineData("""{"usage":{"prompt_tokens":8,"total_tokens":8}}""", 8, 0, 8, null)]
    [InlineData("""{"usage":{"prompt_tokens":null,"input_tokens":4,"completion_tokens":1,"output_tokens":9}}""", 4, 1, 5, null)]
    [InlineData("""{"usage":{"prompt_tokens":-4,"completion_tokens":true,"total_tokens":1e300,"input_tokens":{"a":1}}}""", 0, 0, 0, null)]
    [InlineData("""{"usage":{"prompt_tokens_details":null,"prompt_tokens":1,"completion_tokens":"x","x":[{"prompt_tokens":7}]}}""", 1, 0, 1, null)]
    [InlineData("""{"nested":{"usage":{"prompt_tokens":9}},"usage":{"prompt_tokens":1},"text":"\"}\\"}""", 1, 0, 1, null)]
    public void Read_OpenAiBody_GivesItsUsage(string body, long prompt, long completion, long total, int? cached)
    {
        var reader = Read(body, ResponseFormat.OpenAi, events: false);

        Assert.True(reader.HasUsage);
        Assert.Equal(new TokenUsage(prompt, completion, total, cached), reader.Usage);
        Assert.Equal(0, reader.StreamedEvents);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{\"usage\":{\"prompt_tokens\":9}}]")]
    [InlineData("not json, \"usage\":{\"prompt_tokens\":9}")]
    [InlineData("{\"usage\":null}")]
    [InlineData("{\"usage\":7}")]
    [InlineData("{\"usage\":[{\"prompt_tokens\":9}]}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":9}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":9}}}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":9}} {}")]
    [InlineData("{\"usage\":{\"prompt_tokens\" 9}}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":}}")]
    [InlineData("{\"usage\":{9}}")]
    [InlineData("{\"response\":{\"usage\":{\"prompt_tokens\":9}},\"type\":\"response.completed\"}")]
    [InlineData("<html>usage</html>")]
    public void Read_BodyWithoutUsage_SaysNothing(string body)
    {
        var reader = Read(body, ResponseFormat.OpenAi, events: false);

        Assert.False(reader.HasUsage);
        Assert.Equal(default, reader.Usage);
    }

    [Fact]
    public void Read_AnthropicBody_GivesItsUsage()
    {
        var reader = Read(
            """{"type":"message","content":[],"usage":{"input_tokens":25,"cache_read_input_tokens":12,"output_tokens":15,"total_tokens":99}}""", ResponseFormat.Anthropic, events: false);

        Assert.Equal(new TokenUsage(25, 15, 40, 12), reader.Usage);
    }

    [Fact]
    public void Read_SgLangBody_GivesItsUsage()
    {
        var reader = Read(
            """{"text":"a","usage":{"prompt_tokens":1},"meta_info":{"prompt_tokens":3,"completion_tokens":2,"cached_tokens":0}}""", ResponseFormat.SgLang, events: false);

        Assert.Equal(new TokenUsage(3, 2, 5, 0), reader.Usage);
    }

    [Theory]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":17,\"completion_tokens\":10}}\n\ndata: [DONE]\n\n", 7, 10, 17, 1)]
    [InlineData("data: {\"a\":1,\"usage\":null}\r\n\r\ndata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":10}}\r\n\r\ndata: [DONE]\r\n\r\n", 7, 10, 17, 2)]
    [InlineData("data:{\"usage\" : null}\n\ndata:{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":10}}\n\ndata:[DONE]", 7, 10, 17, 2)]
    [InlineData("data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1}}\n\ndata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}", 7, 2, 9, 2)]
    [InlineData("data: {\"usage\":{\"prompt_tokens\":7}\n\nid: {\"usage\":{\"prompt_tokens\":8}}\n: data: {\"usage\":{\"prompt_tokens\":9}}\n", 0, 0, 0, 1)]
    [InlineData(" data: {\"usage\":{\"prompt_tokens\":7}}\nDATA: {\"usage\":{\"prompt_tokens\":8}}\n\n\n", 0, 0, 0, 0)]
    [InlineData("data: usage\ndata: \ndata\ndata: [DONE] \ndata: [DONE]x\ndat", 0, 0, 0, 3)]
    [InlineData("data: {\"response\":{\"usage\":{\"input_tokens\":31}},\"type\":\"response.in_progress\"}\n\n", 0, 0, 0, 1)]
    [InlineData("data: {\"type\":\"response.incomplete\",\"response\":{\"usage\":{\"input_tokens\":31}}}\n\n", 31, 0, 31, 1)]
    [InlineData(ResponsesStream, 31, 7, 38, 3)]
    public void Read_OpenAiStream_GivesUsageAndEvents(string stream, long prompt, long completion, long total, int events)
    {
        var reader = Read(stream, ResponseFormat.OpenAi, events: true);

        Assert.Equal((prompt, completion, total), (reader.Usage.Prompt, reader.Usage.Completion, reader.Usage.Total));
        Assert.Equal(events, reader.StreamedEvents);
    }

    [Fact]
    public void Read_ResponsesStream_GivesCachedTokens() =>
        Assert.Equal(new TokenUsage(31, 7, 38, 16), Read(ResponsesStream, ResponseFormat.OpenAi, events: true).Usage);

    [Fact]
    public void Read_AnthropicStream_JoinsBothHalves()
    {
        var reader = Read(AnthropicStream, ResponseFormat.Anthropic, events: true);

        Assert.Equal(new TokenUsage(25, 15, 40, 12), reader.Usage);
        Assert.Equal(4, reader.StreamedEvents);
    }

    [Fact]
    public void Read_SgLangStream_TakesTheLastEvent()
    {
        var reader = Read(SgLangStream, ResponseFormat.SgLang, events: true);

        Assert.Equal(new TokenUsage(3, 2, 5, 2), reader.Usage);
        Assert.Equal(2, reader.StreamedEvents);
    }

    [Fact]
    public void Read_SgLangStreamThatBreaksOff_SaysNothing() =>
        Assert.False(Read(SgLangStream[..(SgLangStream.IndexOf("\"ab\"", StringComparison.Ordinal))], ResponseFormat.SgLang, events: true).HasUsage);

    [Fact]
    public void Read_EventOfManyMegabytes_IsRead()
    {
        var reader = new UsageReader(ResponseFormat.OpenAi, events: true);
        reader.Read("data: {\"type\":\"response.completed\",\"response\":{\"output\":[\""u8);
        var text = new byte[64 * 1024];
        text.AsSpan().Fill((byte)'a');
        for (var i = 0; i < 64; i++)
        {
            reader.Read(text);
        }

        reader.Read("\"],\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}}\n\n"u8);

        Assert.Equal(new TokenUsage(3, 4, 7, null), reader.Usage);
        Assert.Equal(1, reader.StreamedEvents);
    }

    [Fact]
    public void Read_Raw_ReadsNothing()
    {
        var reader = Read("data: {\"usage\":{\"prompt_tokens\":7}}\n\n", ResponseFormat.Raw, events: true);

        Assert.False(reader.HasUsage);
        Assert.Equal(0, reader.StreamedEvents);
    }

    [Theory]
    [InlineData(ResponsesStream, (int)ResponseFormat.OpenAi)]
    [InlineData(AnthropicStream, (int)ResponseFormat.Anthropic)]
    [InlineData(SgLangStream, (int)ResponseFormat.SgLang)]
    public void Read_CutAtEveryByte_GivesTheSame(string stream, int format)
    {
        var whole = Read(stream, (ResponseFormat)format, events: true);
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new UsageReader((ResponseFormat)format, events: true);
            reader.Read(bytes.AsSpan(0, cut));
            reader.Read(bytes.AsSpan(cut));
            reader.End();
            Assert.Equal((cut, whole.Usage, whole.StreamedEvents), (cut, reader.Usage, reader.StreamedEvents));
        }
    }

    [Fact]
    public void End_Twice_CountsOnce()
    {
        var reader = Read("data: {}", ResponseFormat.OpenAi, events: true);

        reader.End();

        Assert.Equal(1, reader.StreamedEvents);
    }

    [Fact]
    public void Read_PiecesOfAStream_AllocatesNothing()
    {
        var bytes = Encoding.UTF8.GetBytes(ResponsesStream);
        var reader = new UsageReader(ResponseFormat.OpenAi, events: true);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            for (var cut = 0; cut < bytes.Length; cut += 7)
            {
                reader.Read(bytes.AsSpan(cut, Math.Min(7, bytes.Length - cut)));
            }

            reader.Read(bytes);
            reader.End();
        }));
        Assert.True(reader.HasUsage);
    }
}
