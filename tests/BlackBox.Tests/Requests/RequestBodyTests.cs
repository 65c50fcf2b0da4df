using System.Globalization;
using System.Text;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Requests;

/// <summary>What becomes of a request's body on its way to the model server.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class RequestBodyTests(DefaultPicker picker)
{
    private const int Chunk = 62_000;

    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Theory]
    [InlineData(0, new[] { 0 })]
    [InlineData(1, new[] { 1 })]
    [InlineData(Chunk, new[] { Chunk })]
    [InlineData(Chunk + 1, new[] { Chunk, 1 })]
    [InlineData(2 * Chunk, new[] { Chunk, Chunk })]
    [InlineData(125_000, new[] { Chunk, Chunk, 1_000 })]
    public async Task OpaqueBody_OfAnyLength_IsCutIntoChunks(int length, int[] chunks)
    {
        using var exchange = _client.Open();
        var body = new byte[length];
        new Random(length).NextBytes(body);
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers(Exchanges.Opaque));
        await exchange.SendRequestBodyAsync(body, endOfStream: true);

        var headers = await exchange.ReadAsync();
        var answers = await exchange.ReadManyAsync(chunks.Length);

        Assert.Equal(length == 0 ? null : length.ToString(CultureInfo.InvariantCulture), headers.SetHeader("content-length"));
        Assert.Equal(chunks, answers.Select(answer => answer.Piece().Body.Length));
        Assert.Equal(body, answers.SelectMany(answer => answer.Piece().Body).ToArray());
        Assert.All(answers.SkipLast(1), answer => Assert.False(answer.Piece().EndOfStream));
        Assert.True(answers[^1].Piece().EndOfStream);
    }

    [Theory]
    [InlineData(Chunk, 1)]
    [InlineData(Chunk + 1, 2)]
    [InlineData(125_000, 3)]
    public async Task JsonBody_ReceivedInOtherPieces_IsCutIntoTheSameChunks(int length, int chunks)
    {
        using var exchange = _client.Open();
        var body = Exchanges.Prompt("m", ",\"x\":\"\"");
        body = Exchanges.Prompt("m", ",\"x\":\"" + new string('a', length - body.Length) + "\"");
        Assert.Equal(length, body.Length);
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        var bytes = Exchanges.Utf8(body);
        for (var start = 0; start < length; start += 16_384)
        {
            await exchange.SendRequestBodyAsync(bytes.AsMemory(start, Math.Min(16_384, length - start)));
        }

        await exchange.SendRequestBodyAsync(ReadOnlyMemory<byte>.Empty, endOfStream: true);

        await exchange.ReadAsync();
        var answers = await exchange.ReadManyAsync(chunks);
        Assert.Equal(bytes, answers.SelectMany(answer => answer.Piece().Body).ToArray());
        Assert.All(answers.SkipLast(1), answer => Assert.Equal((Chunk, false), (answer.Piece().Body.Length, answer.Piece().EndOfStream)));
        Assert.True(answers[^1].Piece().EndOfStream);
    }

    [Theory]
    [InlineData("""{"z":1.0,"big":12345678901234567890,"model":"m","a":"<&>\u00e9","prompt":"x"}""")]
    [InlineData(" {\n\t\"prompt\" : [ 1 , 2 ] ,\r\n \"model\" : \"m\" , \"e\" : 1E+2 } \n")]
    [InlineData("""{"model":"first","prompt":"x","prompt":"y","nested":{"model":"other"}}""")]
    [InlineData("""{"prompt":"Grüße, 世界 🌍 \ud83c\udf0d","model":"mödel"}""")]
    public async Task JsonBody_WhoseModelStays_IsForwardedByteForByte(string body)
    {
        var picked = await _client.PickAsync(body);

        Assert.Equal(Exchanges.Utf8(body), picked.Body);
        Assert.Equal(Exchanges.Utf8(body).Length.ToString(CultureInfo.InvariantCulture), picked.SetHeaders["content-length"]);
    }

    [Theory]
    [InlineData("""{"z":1.0,"model":"base","prompt":"x","big":12345678901234567890}""", """{"z":1.0,"model":"base-v2","prompt":"x","big":12345678901234567890}""")]
    [InlineData("{\n \"prompt\" : \"base\" ,\n \"model\" :  \"base\"  , \"n\":{\"model\":\"base\"} }", "{\n \"prompt\" : \"base\" ,\n \"model\" :  \"base-v2\"  , \"n\":{\"model\":\"base\"} }")]
    [InlineData("""{"prompt":"é🌍","model":"b\u0061se"}""", """{"prompt":"é🌍","model":"base-v2"}""")]
    [InlineData("""{"model":"base","prompt":"{\"model\":\"base\"}"}""", """{"model":"base-v2","prompt":"{\"model\":\"base\"}"}""")]
    public async Task JsonBody_WhoseModelChanges_IsEditedInThatOneValue(string body, string expected)
    {
        var picked = await _client.PickAsync(body);

        Assert.Equal(expected, Encoding.UTF8.GetString(picked.Body!));
        Assert.Equal(Exchanges.Utf8(expected).Length.ToString(CultureInfo.InvariantCulture), picked.SetHeaders["content-length"]);
    }

    [Fact]
    public async Task JsonBody_WhoseModelChanges_IsCutAnew()
    {
        // With the longer name it is 62,001 bytes.
        var body = Exchanges.Prompt("base", ",\"x\":\"" + new string('a', Chunk + 1 - 3 - Exchanges.Prompt("base", ",\"x\":\"\"").Length) + "\"");
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(body), endOfStream: true);

        var headers = await exchange.ReadAsync();
        var answers = await exchange.ReadManyAsync(2);

        Assert.Equal("62001", headers.SetHeader("Content-Length"));
        Assert.Equal([Chunk, 1], answers.Select(answer => answer.Piece().Body.Length));
        Assert.True(answers[1].Piece().EndOfStream);
    }

    [Fact]
    public async Task JsonBody_WhoseNewModelNeedsEscapes_StaysJson()
    {
        var picked = await _client.PickAsync(Exchanges.Prompt("quoted"));

        using var document = System.Text.Json.JsonDocument.Parse(picked.Body);
        Assert.Equal("say \"hi\" \\ é", document.RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public async Task JsonBody_OfThreeMegabytes_IsForwardedWholeWithItsModelChanged()
    {
        var padding = new string('a', 3_000_000);
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
        var body = Exchanges.Utf8(Exchanges.Prompt("base", ",\"x\":\"" + padding + "\""));
        foreach (var piece in body.Chunk(1 << 20))
        {
            await exchange.SendRequestBodyAsync(piece);
        }

        await exchange.SendRequestBodyAsync(ReadOnlyMemory<byte>.Empty, endOfStream: true);
        await exchange.ReadAsync();
        var received = new MemoryStream();
        for (var ended = false; !ended;)
        {
            var piece = (await exchange.ReadAsync()).Piece();
            received.Write(piece.Body.Span);
            ended = piece.EndOfStream;
        }

        Assert.Equal(Exchanges.Prompt("base-v2", ",\"x\":\"" + padding + "\""), Encoding.UTF8.GetString(received.ToArray()));
    }
}
