using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Picking.InFlight;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>What plugins change about requests and responses, as the gateway is told of it.</summary>
public sealed class RequestEditsTests : IDisposable
{
    private const string Body = """{"model":"m","prompt":"hello"}""";
    private const string Decoder = "10.0.0.1:8000";
    private const string Prefiller = "10.0.0.2:8000";

    private const string PictureBody = """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://a/b.png"}}]}]}""";

    private const string Disaggregated = """
        plugins:
        - type: decode-filter
        - type: prefill-filter
        - type: queue-scorer
        - type: max-score-picker
        - type: always-disagg-pd-decider
        - type: disagg-profile-handler
          parameters:
            deciders:
              prefill: always-disagg-pd-decider
        schedulingProfiles:
        - name: decode
          plugins:
          - pluginRef: decode-filter
          - pluginRef: queue-scorer
        - name: prefill
          plugins:
          - pluginRef: prefill-filter

        """;

    private readonly ExtProcFixture _fixture = new(Decoder, Prefiller);
    private readonly ExtProcFixture _three = new(Decoder, Prefiller, "10.0.0.3:8000");

    public void Dispose()
    {
        _fixture.Dispose();
        _three.Dispose();
    }

    private HeaderMutation Ask(BodySendMode mode = BodySendMode.FullDuplexStreamed, params (string, string)[] headers)
    {
        _fixture.Send(ExtProcFixture.Headers(mode: mode, more: headers));
        _fixture.Send(ExtProcFixture.Body(Body));
        return (mode == BodySendMode.Buffered ? _fixture.Answers[1].RequestBody.Response : _fixture.Answers[0].RequestHeaders.Response).HeaderMutation;
    }

    private static string? ValueOf(HeaderMutation mutation, string header) =>
        mutation.SetHeaders.SingleOrDefault(option => option.Header.Key == header)?.Header.RawValue.ToStringUtf8();

    [Theory]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    [InlineData(BodySendMode.Streamed)]
    [InlineData(BodySendMode.Buffered)]
    public void Headers_OfPrefillSplitOff_NameItsServer(BodySendMode mode)
    {
        _fixture.Configure(Disaggregated);
        _fixture.SetLabels("llm-d.ai/role", "decode", "prefill");

        var mutation = Ask(mode);

        Assert.Equal(Decoder, ValueOf(mutation, "x-gateway-destination-endpoint"));
        Assert.Equal(Prefiller, ValueOf(mutation, "x-prefiller-host-port"));
        Assert.Equal(["x-encoder-hosts-ports"], mutation.RemoveHeaders);
    }

    [Fact]
    public void Headers_ThatTheClientSentItself_AreReplaced()
    {
        _fixture.Configure(Disaggregated);
        _fixture.SetLabels("llm-d.ai/role", "decode", "prefill");

        var mutation = Ask(headers: [("X-Prefiller-Host-Port", "6.6.6.6:1"), ("x-encoder-hosts-ports", "6.6.6.6:2"), ("x-mine", "kept")]);

        Assert.Equal(Prefiller, ValueOf(mutation, "x-prefiller-host-port"));
        Assert.Equal("kept", ValueOf(mutation, "x-mine"));
        Assert.DoesNotContain(mutation.SetHeaders, option => option.Header.RawValue.ToStringUtf8().StartsWith("6.6.6.6", StringComparison.Ordinal));
    }

    [Fact]
    public void Headers_WithoutPrefill_AreTakenAway()
    {
        _fixture.Configure(Disaggregated);
        _fixture.SetLabels("llm-d.ai/role", "decode", "decode");

        var mutation = Ask(headers: ("x-prefiller-host-port", "6.6.6.6:1"));

        Assert.Null(ValueOf(mutation, "x-prefiller-host-port"));
        Assert.Equal(["x-prefiller-host-port", "x-encoder-hosts-ports"], mutation.RemoveHeaders);
    }

    [Fact]
    public void Headers_NobodyToDecode_RefusesWith429()
    {
        _fixture.Configure(Disaggregated);
        _fixture.SetLabels("llm-d.ai/role", "prefill", "prefill");
        _fixture.Send(ExtProcFixture.Headers());
        _fixture.Send(ExtProcFixture.Body(Body));

        Assert.Equal(429, (int)_fixture.Answers[0].ImmediateResponse.Status.Code);
    }

    [Fact]
    public void Headers_OfTheDefaultConfiguration_TakeNothingAway() => Assert.Empty(Ask().RemoveHeaders);

    [Fact]
    public void EmittedScores_OfSeveralProfiles_AreThoseOfTheDestinations()
    {
        _fixture.Configure(Disaggregated);
        _fixture.SetLabels("llm-d.ai/role", "decode", "prefill");
        _fixture.Options.EmitEndpointScores = true;

        Ask();

        var scores = _fixture.Answers[0].DynamicMetadata.Fields["envoy.lb"].StructValue.Fields["x-gateway-destination-endpoint-scores"].StructValue;
        Assert.Equal([Decoder], scores.Fields.Keys);
        Assert.Equal(1, scores.Fields[Decoder].NumberValue); // all queues are equal: 1 · 1
    }

    [Fact]
    public void Destination_OfDataParallel_IsThePrimaryPortAndTheRankIsNamed()
    {
        using var fixture = new ExtProcFixture("10.0.0.1:8003", "[fd00::1]:8002");
        fixture.Configure("plugins:\n- type: data-parallel-profile-handler\n- type: max-score-picker\n  parameters: {maxNumOfEndpoints: 2}\n- type: queue-scorer\n");
        fixture.Send(ExtProcFixture.Headers());
        fixture.Send(ExtProcFixture.Body(Body));

        var mutation = fixture.Answers[0].RequestHeaders.Response.HeaderMutation;
        var destination = ValueOf(mutation, "x-gateway-destination-endpoint")!.Split(',');
        Assert.Equal(["10.0.0.1:8000", "[fd00::1]:8000"], destination.Order(StringComparer.Ordinal));
        Assert.Equal(destination[0].StartsWith('[') ? "[fd00::1]:8002" : "10.0.0.1:8003", ValueOf(mutation, "x-data-parallel-host-port"));
    }

    [Fact]
    public async Task Metric_OfSplitRequests_CountsByModel()
    {
        _fixture.Configure(Disaggregated);
        _fixture.SetLabels("llm-d.ai/role", "decode", "prefill");

        Ask();

        var page = await Telemetry.MetricsText.OfAsync(_fixture.Registry);
        Assert.Equal(1, page["llm_d_epp_disagg_decision_total{plugin_name=\"disagg-profile-handler\",plugin_type=\"disagg-profile-handler\",model_name=\"m\",decision_type=\"prefill-decode\"}"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- type: prefix-cache-scorer\n")]
    public void Encode_OfARequestWithPictures_NamesTheEncoders(string more)
    {
        _fixture.Configure($$"""
            plugins:
            - type: decode-filter
            - type: encode-filter
            - type: max-score-picker
            - type: always-disagg-multimodal-decider
            - type: disagg-profile-handler
              parameters: {deciders: {encode: always-disagg-multimodal-decider} }
            {{more}}schedulingProfiles:
            - name: decode
              plugins: [{pluginRef: decode-filter}]
            - name: encode
              plugins: [{pluginRef: encode-filter}]

            """);
        _fixture.SetLabels("llm-d.ai/role", "decode", "encode");

        // Two servers: the second one encodes here.
        Assert.Equal(Prefiller, ValueOf(Chat("""[{"type":"text","text":"what is it?"},{"type":"image_url","image_url":{"url":"http://a/b.png"}}]"""), "x-encoder-hosts-ports"));
        Assert.Contains("x-encoder-hosts-ports", Chat("\"hello\"").RemoveHeaders);
    }

    private HeaderMutation Chat(string content)
    {
        var call = new FakeCall();
        var handler = _fixture.NewHandler(call);
        FakeCall.Send(handler, ExtProcFixture.Headers(path: "/v1/chat/completions"));
        FakeCall.Send(handler, ExtProcFixture.Body($$"""{"model":"m","messages":[{"role":"user","content":{{content}} }]}"""));
        return call.Answers[0].RequestHeaders.Response.HeaderMutation;
    }

    [Fact]
    public void Session_OfAnAgent_IsFoundByItsIdentity()
    {
        _fixture.Configure("plugins:\n- type: agent-identity\n- type: max-score-picker\n- type: session-affinity-filter\n  parameters: {strategy: session_id, sessionIdConfig: {sources: [{attribute: agent-identity}]}}\n");
        var destinations = new HashSet<string?>();
        for (var i = 0; i < 20; i++)
        {
            var call = new FakeCall();
            var handler = _fixture.NewHandler(call);
            FakeCall.Send(handler, ExtProcFixture.Headers(more: ("x-claude-code-session-id", "agent")));
            FakeCall.Send(handler, ExtProcFixture.Body(Body));
            destinations.Add(ValueOf(call.Answers[0].RequestHeaders.Response.HeaderMutation, "x-gateway-destination-endpoint"));
        }

        Assert.Single(destinations);
    }

    /// <summary>The cookies come in several headers; the first that has the name counts.</summary>
    [Fact]
    public void Session_OfACookie_IsFoundInAnyOfTheHeaders()
    {
        using var ten = new ExtProcFixture([.. Enumerable.Range(0, 10).Select(i => $"10.0.0.{i}:8000")]);
        ten.Configure("""
            plugins:
            - type: session-id-producer
              parameters: {cookieName: session}
            - type: session-affinity-filter
              parameters: {strategy: session_id, sessionIdConfig: {sources: [{attribute: SessionIDDataKey, producer: session-id-producer}]}}
            - type: max-score-picker

            """);
        string? first = null;
        foreach (var more in (string[][])[["session=s"], ["a=1", "b=2; session=s"], ["session=s", "session=t"], ["a=session", "session=\"s\"; session=t"]])
        {
            var call = new FakeCall();
            var handler = ten.NewHandler(call);
            FakeCall.Send(handler, ExtProcFixture.Headers(more: [.. more.Select(cookies => ("Cookie", cookies)).Prepend(("x-other", "session=t"))]));
            FakeCall.Send(handler, ExtProcFixture.Body(Body));
            var destination = ValueOf(call.Answers[0].RequestHeaders.Response.HeaderMutation, "x-gateway-destination-endpoint");
            Assert.Equal(first ??= destination, destination);
        }
    }

    [Fact]
    public void Prefill_SplitOff_IsBookedUntilTheFirstPieceOfTheResponse()
    {
        _fixture.Configure(Disaggregated);
        _fixture.SetLabels("llm-d.ai/role", "decode", "prefill");
        var inFlight = _fixture.Pool.View!.InFlight.ToArray();

        Ask();
        Assert.Equal([1, 1], inFlight.Select(load => load.Requests));
        Assert.All(inFlight, load => Assert.True(load.Tokens > 0));

        _fixture.Send(ResponseHeaders());
        _fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = Google.Protobuf.ByteString.CopyFromUtf8("{"), EndOfStream = false } });
        Assert.Equal([1, 0], inFlight.Select(load => load.Requests));

        _fixture.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = Google.Protobuf.ByteString.CopyFromUtf8("}"), EndOfStream = true } });
        Assert.Equal([0, 0], inFlight.Select(load => load.Requests));
        Assert.All(inFlight, load => Assert.Equal(0, load.Tokens));
    }

    [Fact]
    public void Prefill_SplitOff_IsReleasedWithTheCall()
    {
        _fixture.Configure(Disaggregated);
        _fixture.SetLabels("llm-d.ai/role", "decode", "prefill");
        var inFlight = _fixture.Pool.View!.InFlight.ToArray();

        Ask();
        _fixture.Handler.OnAborted(default);

        Assert.Equal([0, 0], inFlight.Select(load => load.Requests));
    }

    /// <summary>Decodes, processes the prompt, and encodes: each with all the tokens of «user», a picture's 225, and none of them held yet.</summary>
    private ServerLoad[] AskForAPicture()
    {
        _three.Configure("""
            plugins:
            - type: decode-filter
            - type: prefill-filter
            - type: encode-filter
            - type: max-score-picker
            - type: prefix-cache-scorer
            - type: always-disagg-pd-decider
            - type: always-disagg-multimodal-decider
            - type: disagg-profile-handler
              parameters: {deciders: {prefill: always-disagg-pd-decider, encode: always-disagg-multimodal-decider} }
            schedulingProfiles:
            - name: decode
              plugins: [{pluginRef: decode-filter}]
            - name: prefill
              plugins: [{pluginRef: prefill-filter}]
            - name: encode
              plugins: [{pluginRef: encode-filter}]

            """);
        if (_three.Pool.View!.Version == 1)
        {
            _three.SetLabels("llm-d.ai/role", "decode", "prefill", "encode");
        }

        _three.Send(ExtProcFixture.Headers(path: "/v1/chat/completions"));
        _three.Send(ExtProcFixture.Body(PictureBody));
        return _three.Pool.View!.InFlight.ToArray();
    }

    private static void AssertInFlight(ServerLoad[] loads, int[] requests, long[] tokens)
    {
        Assert.Equal(requests, loads.Select(load => load.Requests));
        Assert.Equal(tokens, loads.Select(load => load.Tokens));
    }

    [Fact]
    public void Encode_SplitOff_IsBookedUntilTheEndOfTheResponse_ItsTokensUntilTheFirstPiece()
    {
        var inFlight = AskForAPicture();
        AssertInFlight(inFlight, [1, 1, 1], [256, 256, 256]);

        _three.Send(ResponseHeaders());
        AssertInFlight(inFlight, [1, 1, 1], [256, 256, 256]);
        _three.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = Google.Protobuf.ByteString.CopyFromUtf8("{"), EndOfStream = false } });
        AssertInFlight(inFlight, [1, 0, 1], [0, 0, 0]);

        _three.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = Google.Protobuf.ByteString.CopyFromUtf8("}"), EndOfStream = true } });
        AssertInFlight(inFlight, [0, 0, 0], [0, 0, 0]);
        _three.Handler.OnAborted(default);
        AssertInFlight(inFlight, [0, 0, 0], [0, 0, 0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Encode_SplitOff_IsReleasedWithTheCall(bool answering)
    {
        var inFlight = AskForAPicture();
        if (answering)
        {
            _three.Send(ResponseHeaders());
            _three.Send(new ProcessingRequest { ResponseBody = new HttpBody { Body = Google.Protobuf.ByteString.CopyFromUtf8("{"), EndOfStream = false } });
        }

        _three.Handler.OnAborted(default);

        AssertInFlight(inFlight, [0, 0, 0], [0, 0, 0]);
    }

    /// <summary>The pool's next view has other servers: what is given back goes into the load of those that left.</summary>
    [Fact]
    public void Encode_ItsServerLeaves_IsReleasedThere()
    {
        var inFlight = AskForAPicture();
        _three.SetLabels("llm-d.ai/role", "decode", "prefill", "encode");
        var after = _three.Pool.View!.InFlight.ToArray();
        Assert.NotSame(inFlight[2], after[2]);

        _three.Handler.OnRequestsEnded();

        AssertInFlight(inFlight, [0, 0, 0], [0, 0, 0]);
        AssertInFlight(after, [0, 0, 0], [0, 0, 0]);
    }

    /// <summary>One server has all roles: it counts once for each profile that picked it.</summary>
    [Fact]
    public void Encode_OnTheDestinationItself_CountsForEachStage()
    {
        _three.SetLabels("llm-d.ai/role", "encode-prefill-decode", "none", "none");

        var inFlight = AskForAPicture();
        AssertInFlight(inFlight, [3, 0, 0], [768, 0, 0]);

        // The next time the server holds all four blocks of the prompt.
        var again = _three.NewHandler(new FakeCall());
        FakeCall.Send(again, ExtProcFixture.Headers(path: "/v1/chat/completions"));
        FakeCall.Send(again, ExtProcFixture.Body(PictureBody));
        AssertInFlight(inFlight, [6, 0, 0], [768, 0, 0]);

        again.OnAborted(default);
        AssertInFlight(inFlight, [3, 0, 0], [768, 0, 0]);
        _three.Handler.OnAborted(default);
        AssertInFlight(inFlight, [0, 0, 0], [0, 0, 0]);
    }

    [Fact]
    public void Response_OfASession_CarriesItsTokenOnce()
    {
        _fixture.Configure("plugins:\n- type: session-affinity-filter\n- type: max-score-picker\n");
        Ask();
        _fixture.Answers.Clear();

        _fixture.Send(ResponseHeaders(("x-session-token", "the model server's own")));

        // default/pod0-rank-0 or default/pod1-rank-0 in base64
        var token = ValueOf(_fixture.Answers[0].ResponseHeaders.Response.HeaderMutation, "x-session-token");
        Assert.Contains(token, new[] { "ZGVmYXVsdC9wb2QwLXJhbmstMA==", "ZGVmYXVsdC9wb2QxLXJhbmstMA==" });
    }

    [Fact]
    public void Response_WithoutSuchPlugins_SetsNothingMore()
    {
        Ask();
        _fixture.Answers.Clear();

        _fixture.Send(ResponseHeaders());

        Assert.Equal(["x-went-into-resp-headers", ":status"], _fixture.Answers[0].ResponseHeaders.Response.HeaderMutation.SetHeaders.Select(option => option.Header.Key));
    }

    private static ProcessingRequest ResponseHeaders(params (string Key, string Value)[] more)
    {
        var message = new ProcessingRequest { ResponseHeaders = new HttpHeaders { Headers = new Envoy.Config.Core.V3.HeaderMap() } };
        foreach (var (key, value) in more.Prepend((":status", "200")))
        {
            message.ResponseHeaders.Headers.Headers.Add(new Envoy.Config.Core.V3.HeaderValue { Key = key, RawValue = Google.Protobuf.ByteString.CopyFromUtf8(value) });
        }

        return message;
    }
}
