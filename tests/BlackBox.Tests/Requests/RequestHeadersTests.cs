using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Requests;

/// <summary>What is read from a request's headers, and what the answer to them says.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class RequestHeadersTests(DefaultPicker picker)
{
    private const string Destination = "x-gateway-destination-endpoint";

    private static readonly string[] SystemOwned =
    [
        "x-llm-d-inference-objective", "x-gateway-inference-objective", "x-llm-d-inference-fairness-id", "x-gateway-inference-fairness-id",
        "x-llm-d-model-name-rewrite", "x-gateway-model-name-rewrite", "x-llm-d-slo-ttft-ms", "x-slo-ttft-ms", "x-llm-d-slo-tpot-ms", "x-slo-tpot-ms",
        "x-gateway-destination-endpoint-subset", "x-llm-d-video-fps", "x-llm-d-video-duration-seconds", "x-llm-d-video-resolution",
        "x-gateway-destination-endpoint-served", "x-llm-d-request-dropped-reason",
    ];

    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Fact]
    public async Task Answer_ToARequestWithABody_NamesTheDestinationThenTheLengthThenTheReceivedHeaders()
    {
        var body = Exchanges.Prompt("m");
        var received = ExtProcExchange.Headers(Exchanges.Completions, "POST", ("hi", "mom"), ("content-length", "7"));
        using var exchange = _client.Open();

        var answer = (await exchange.SendRequestAsync(body, received)).Answers[0];

        Assert.True(answer.RequestHeaders.Response.ClearRouteCache);
        Assert.Equal(CommonResponse.Types.ResponseStatus.Continue, answer.RequestHeaders.Response.Status);
        Assert.Empty(answer.RequestHeaders.Response.HeaderMutation.RemoveHeaders);
        var set = answer.SetHeaders();
        Assert.Equal((Destination, picker.MainServer), set[0]);
        Assert.Equal(("Content-Length", Exchanges.Utf8(body).Length.ToString(System.Globalization.CultureInfo.InvariantCulture)), set[1]);
        Assert.Equal(received.Where(header => header.Name != "content-length").Order(), set.Skip(2).Order());
        Assert.All(answer.RequestHeaders.Response.HeaderMutation.SetHeaders, option => Assert.Equal("", option.Header.Value));
    }

    [Fact]
    public async Task Answer_Metadata_NamesTheSameDestinationAndNothingElse()
    {
        var answer = (await _client.PickAsync(Exchanges.Prompt("m"))).Answers[0];

        var space = Assert.Single(answer.DynamicMetadata.Fields);
        Assert.Equal("envoy.lb", space.Key);
        var field = Assert.Single(space.Value.StructValue.Fields);
        Assert.Equal((Destination, picker.MainServer), (field.Key, field.Value.StringValue));
    }

    [Fact]
    public async Task SystemOwnedHeaders_OfAnySpelling_AreNotRepeated()
    {
        var answer = (await _client.PickAsync(
            Exchanges.Prompt("m"),
            Exchanges.Completions,
            [.. SystemOwned.Select(name => (name, "1")), .. SystemOwned.Select(name => (name.ToUpperInvariant(), "1"))])).Answers[0];

        Assert.DoesNotContain(answer.SetHeaders(), header => SystemOwned.Contains(header.Name, StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(Destination)]
    [InlineData("X-Gateway-Destination-Endpoint")]
    public async Task Destination_NamedByTheClient_IsOverruled(string name)
    {
        var picked = await _client.PickAsync(Exchanges.Prompt("m"), Exchanges.Completions, (name, "203.0.113.9:1"));
        var bodyless = await _client.GetAsync((name, "203.0.113.9:1"));

        Assert.All(
            new[] { picked.Answers[0], bodyless },
            answer =>
            {
                var option = Assert.Single(
                    answer.RequestHeaders.Response.HeaderMutation.SetHeaders, option => option.Header.Key.Equals(Destination, StringComparison.OrdinalIgnoreCase));
                Assert.Equal(picker.MainServer, option.Header.RawValue.ToStringUtf8());

                // Envoy overwrites without an append action too: the deprecated append is false by default for ext_proc.
                Assert.NotEqual(HeaderValueOption.Types.HeaderAppendAction.AddIfAbsent, option.AppendAction);
                Assert.NotEqual(HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExists, option.AppendAction);
                Assert.NotEqual(true, option.Append);
            });
    }

    [Fact]
    public async Task Header_ThatOccursTwice_IsNotRepeated()
    {
        var answer = (await _client.PickAsync(
            Exchanges.Prompt("m"), Exchanges.Completions, ("accept", "a"), ("cookie", "one"), ("Cookie", "two"), ("x-once", "1"))).Answers[0];

        Assert.Null(answer.SetHeader("cookie"));
        Assert.Equal("a", answer.SetHeader("accept"));
        Assert.Equal("1", answer.SetHeader("x-once"));
    }

    [Fact]
    public async Task HeaderValue_OfBothKinds_IsTheRawOneUnlessEmpty()
    {
        using var exchange = _client.Open();
        var map = new HeaderMap();
        map.Headers.Add(new HeaderValue { Key = ":path", Value = Exchanges.Completions });
        map.Headers.Add(new HeaderValue { Key = "x-raw", RawValue = Google.Protobuf.ByteString.CopyFromUtf8("raw"), Value = "text" });
        map.Headers.Add(new HeaderValue { Key = "X-Text", Value = "text" });
        await exchange.SendAsync(new ProcessingRequest { RequestHeaders = new HttpHeaders { Headers = map } });
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: true);

        var answer = await exchange.ReadAsync();

        Assert.Equal("raw", answer.SetHeader("x-raw"));
        Assert.Contains(("x-text", "text"), answer.SetHeaders());
        Assert.Equal(Exchanges.Completions, answer.SetHeader(":path"));
    }

    [Fact]
    public async Task HeaderValue_ThatIsNoUtf8_IsRepeatedAsItIs()
    {
        using var exchange = _client.Open();
        byte[] value = [0x61, 0xff, 0xe9, 0x80];
        var map = new HeaderMap();
        map.Headers.Add(new HeaderValue { Key = ":path", Value = Exchanges.Completions });
        map.Headers.Add(new HeaderValue { Key = "x-bytes", RawValue = Google.Protobuf.ByteString.CopyFrom(value) });
        await exchange.SendAsync(new ProcessingRequest { RequestHeaders = new HttpHeaders { Headers = map } });
        await exchange.SendRequestBodyAsync(Exchanges.Utf8(Exchanges.Prompt("m")), endOfStream: true);

        var option = (await exchange.ReadAsync()).RequestHeaders.Response.HeaderMutation.SetHeaders.Single(option => option.Header.Key == "x-bytes");

        Assert.Equal(value, option.Header.RawValue.ToByteArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task RequestId_MissingOrEmpty_IsARandomUuidThatIsSentOn(string? id)
    {
        async Task<string> RequestIdAsync()
        {
            using var exchange = _client.Open();
            List<(string, string)> headers = [(":path", Exchanges.Completions), (":method", "POST"), .. id is null ? [] : new[] { ("x-request-id", id) }];
            var answer = (await exchange.SendRequestAsync(Exchanges.Prompt("m"), headers)).Answers[0];
            return answer.SetHeader("x-request-id")!;
        }

        var (first, second) = (await RequestIdAsync(), await RequestIdAsync());

        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", first);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", second);
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("x-request-id")]
    [InlineData("X-Request-Id")]
    public async Task RequestId_OfTheClient_IsRepeatedOnce(string name)
    {
        using var exchange = _client.Open();
        var answer = (await exchange.SendRequestAsync(Exchanges.Prompt("m"), [(":path", Exchanges.Completions), (name, "mine")])).Answers[0];

        Assert.Equal("mine", answer.SetHeader("x-request-id"));
    }

    [Theory]
    [InlineData("x-original-path")]
    [InlineData("x-forwarded-path")]
    public async Task Path_MissingAsPseudoHeader_IsTakenFromOthers(string name)
    {
        Assert.Equal(
            new Refusal(400, "inference error: BadRequest - invalid embeddings request: must have input field"),
            await RefuseAsync((name, "/v1/embeddings?version=1")));
    }

    [Fact]
    public async Task Path_OfSeveralHeaders_IsTheMostDirect()
    {
        const string Embeddings = "inference error: BadRequest - invalid embeddings request: must have input field";

        Assert.Equal(Embeddings, (await RefuseAsync((":path", "/v1/embeddings"), ("x-original-path", "/v1/responses"), ("x-forwarded-path", "/v1/messages"))).Body);
        Assert.Equal(Embeddings, (await RefuseAsync(("x-original-path", "/v1/embeddings"), ("x-forwarded-path", "/v1/messages"))).Body);
    }

    [Fact]
    public async Task Path_NowhereNamed_IsThatOfCompletions()
    {
        Assert.Equal(
            new Refusal(400, "inference error: BadRequest - invalid completions request: must have prompt field"),
            await RefuseAsync(("x-request-id", "1")));
    }

    [Fact]
    public async Task Objective_AndFairnessId_AreReadFromTheirHeadersAndLabelTheMetrics()
    {
        await _client.PickAsync(
            Exchanges.Prompt("labelled"), Exchanges.Completions, ("X-Llm-D-Inference-Objective", "main-urgent"), ("x-llm-d-inference-fairness-id", "tenant-1"));

        await AwaitCountedAsync("labelled", "tenant-1", "4");
    }

    [Fact]
    public async Task Objective_AndFairnessId_AreReadFromTheOlderHeaders()
    {
        await _client.PickAsync(
            Exchanges.Prompt("labelled-by-alias"), Exchanges.Completions, ("x-gateway-inference-objective", "main-urgent"), ("x-gateway-inference-fairness-id", "tenant-2"));

        await AwaitCountedAsync("labelled-by-alias", "tenant-2", "4");
    }

    [Fact]
    public async Task Objective_AndFairnessId_OfBothHeaders_AreThoseOfTheNewer()
    {
        await _client.PickAsync(
            Exchanges.Prompt("labelled-twice"),
            Exchanges.Completions,
            ("x-gateway-inference-objective", "main-batch"),
            ("x-llm-d-inference-objective", "main-urgent"),
            ("x-llm-d-inference-fairness-id", "newer"),
            ("x-gateway-inference-fairness-id", "older"));

        await AwaitCountedAsync("labelled-twice", "newer", "4");
    }

    [Fact]
    public async Task EmptyHeader_OfTheNewerName_HidesTheOlder()
    {
        await _client.PickAsync(
            Exchanges.Prompt("labelled-empty"),
            Exchanges.Completions,
            ("x-llm-d-inference-objective", ""),
            ("x-gateway-inference-objective", "main-urgent"),
            ("x-llm-d-inference-fairness-id", ""),
            ("x-gateway-inference-fairness-id", "older"));

        await AwaitCountedAsync("labelled-empty", "default-flow", "0");
    }

    [Fact]
    public async Task Header_ThatOccursTwice_CountsWithItsLastValue()
    {
        await _client.PickAsync(
            Exchanges.Prompt("labelled-last"),
            Exchanges.Completions,
            ("x-llm-d-inference-objective", "main-batch"),
            ("x-llm-d-inference-objective", "main-urgent"),
            ("x-llm-d-inference-fairness-id", "first"),
            ("x-llm-d-inference-fairness-id", "last"));

        await AwaitCountedAsync("labelled-last", "last", "4");
    }

    [Fact]
    public async Task Objective_NotKnown_IsPriorityZero()
    {
        await _client.PickAsync(Exchanges.Prompt("labelled-unknown"), Exchanges.Completions, ("x-llm-d-inference-objective", "nobody"));

        await AwaitCountedAsync("labelled-unknown", "default-flow", "0");
    }

    private Task AwaitCountedAsync(string model, string fairnessId, string priority) => picker.AwaitMetricAsync(
        1, "llm_d_epp_request_total", ("model_name", model), ("target_model_name", model), ("fairness_id", fairnessId), ("priority", priority));

    /// <summary>The answer to an empty object, whose text says which path was taken.</summary>
    private async Task<Refusal> RefuseAsync(params (string Name, string Value)[] headers)
    {
        using var exchange = _client.Open();
        await exchange.SendRequestHeadersAsync(headers);
        await exchange.SendRequestBodyAsync(Exchanges.Utf8("{\"model\":\"m\"}"), endOfStream: true);
        return Refusal.Of(await exchange.ReadAsync());
    }
}
