using Orleans.Inference.ExtProcGateway.Http2.Hpack;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2.Hpack;

/// <summary>The examples of RFC 7541 appendix C.</summary>
public sealed class HpackVectorTests
{
    [Theory]
    [InlineData("0a", 5, 10)]
    [InlineData("1f9a0a", 5, 1337)]
    [InlineData("2a", 8, 42)]
    public void TryRead_ExamplesOfC1_GivesTheInteger(string hex, int prefixBits, int expected)
    {
        var position = 0;
        Assert.True(HpackInteger.TryRead(Convert.FromHexString(hex), ref position, prefixBits, out var value));
        Assert.Equal(expected, value);
        Assert.Equal(hex.Length / 2, position);
    }

    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key: custom-header")]
    [InlineData("040c2f73616d706c652f70617468", ":path: /sample/path")]
    [InlineData("100870617373776f726406736563726574", "password: secret")]
    [InlineData("82", ":method: GET")]
    public void Decode_ExamplesOfC2_GivesTheField(string hex, string expected) => Assert.Equal([expected], Decode(new HpackDecoder(4096, 65536), hex));

    [Theory]
    [InlineData(
        "828684410f7777772e6578616d706c652e636f6d",
        "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData(
        "828684418cf1e3c2e5f23a6ba0ab90f4ff",
        "828684be5886a8eb10649cbf",
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Decode_RequestsOfC3AndC4_GivesTheFields(string first, string second, string third)
    {
        var decoder = new HpackDecoder(4096, 65536);
        Assert.Equal([":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"], Decode(decoder, first));
        Assert.Equal([":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache"], Decode(decoder, second));
        Assert.Equal([":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com", "custom-key: custom-value"], Decode(decoder, third));
    }

    /// <summary>A table of 256 bytes: entries are evicted between the blocks.</summary>
    [Theory]
    [InlineData(
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d",
        "4803333037c1c0bf",
        "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31")]
    [InlineData(
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
        "4883640effc1c0bf",
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007")]
    public void Decode_ResponsesOfC5AndC6_GivesTheFields(string first, string second, string third)
    {
        var decoder = new HpackDecoder(256, 65536);
        string[] rest = ["cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com"];
        Assert.Equal([":status: 302", .. rest], Decode(decoder, first));
        Assert.Equal([":status: 307", .. rest], Decode(decoder, second));
        Assert.Equal(
            [
                ":status: 200", rest[0], "date: Mon, 21 Oct 2013 20:13:22 GMT", rest[2], "content-encoding: gzip",
                "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            ],
            Decode(decoder, third));
    }

    private static string[] Decode(HpackDecoder decoder, string hex)
    {
        var sink = new Block.Collector();
        Assert.Equal(HpackResult.Ok, decoder.Decode(Convert.FromHexString(hex), sink));
        return [.. sink.Fields.Select(field => $"{field.Name}: {field.Value}")];
    }
}
