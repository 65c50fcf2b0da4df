using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Scheduling;

/// <summary>Servers 0 and 1 decode, 2 and 3 prefill, 4 and 5 encode; the queues make 1, 2 and 5 the best of theirs.</summary>
public sealed class DisaggProfileHandlerTests
{
    private const string Prefiller = "x-prefiller-host-port";
    private const string Encoders = "x-encoder-hosts-ports";

    private const string Profiles = """

        schedulingProfiles:
        - name: decode
          plugins:
          - pluginRef: decoders
          - pluginRef: queue-scorer
        - name: prefill
          plugins:
          - pluginRef: prefillers
          - pluginRef: queue-scorer
        - name: encode
          plugins:
          - pluginRef: encoders
          - pluginRef: queue-scorer
          - pluginRef: two
        """;

    private const string Plugins = """
        plugins:
        - type: queue-scorer
        - type: max-score-picker
        - type: max-score-picker
          name: two
          parameters:
            maxNumOfEndpoints: 2
        - type: by-label
          name: decoders
          parameters:
            label: role
            validValues: [decode]
        - type: by-label
          name: prefillers
          parameters:
            label: role
            validValues: [prefill]
        - type: by-label
          name: encoders
          parameters:
            label: role
            validValues: [encode]
        - type: always-disagg-pd-decider
        - type: always-disagg-multimodal-decider
        - type: disagg-profile-handler
        """;

    private const string BothDeciders = """

          parameters:
            deciders:
              prefill: always-disagg-pd-decider
              encode: always-disagg-multimodal-decider
        """;

    private static PoolView View(bool decoders = true, bool prefillers = true)
    {
        var view = new ViewBuilder();
        view.Add(queued: 9, labels: ("role", decoders ? "decode" : "gone")).Add(queued: 1, labels: ("role", decoders ? "decode" : "gone"));
        view.Add(queued: 0, labels: ("role", prefillers ? "prefill" : "gone")).Add(queued: 5, labels: ("role", prefillers ? "prefill" : "gone"));
        view.Add(queued: 7, labels: ("role", "encode")).Add(queued: 3, labels: ("role", "encode"));
        return view.Build();
    }

    private static PickerConfiguration Load(string parameters) => Loading.Accept(Plugins + parameters + Profiles);

    [Fact]
    public void Pick_PrefillDecided_NamesThePrefillServerInTheHeader()
    {
        var decided = Decided.By(Load(BothDeciders), View());

        Assert.Equal([1], decided.Picks);
        Assert.Equal("10.0.0.2:8000", decided.Headers[Prefiller]);
        Assert.Null(decided.Headers[Encoders]);
        Assert.Equal("prefill-decode", decided.Stages);
    }

    [Fact]
    public void Pick_ImagesToo_NamesAllEncodersBestFirst()
    {
        var decided = Decided.By(Load(BothDeciders), View(), new InferenceRequest { HasMultiModal = true });

        Assert.Equal([1], decided.Picks);
        Assert.Equal("10.0.0.2:8000", decided.Headers[Prefiller]);
        Assert.Equal("10.0.0.5:8000,10.0.0.4:8000", decided.Headers[Encoders]);
        Assert.Equal("encode-prefill-decode", decided.Stages);
    }

    [Fact]
    public void Pick_NoDeciders_RunsDecodeAloneAndTakesTheHeadersAway()
    {
        var decided = Decided.By(Load(""), View(), new InferenceRequest { HasMultiModal = true });

        Assert.Equal([1], decided.Picks);
        Assert.Equal(new Dictionary<string, string?> { [Prefiller] = null, [Encoders] = null }, decided.Headers);
        Assert.Equal("decode-only", decided.Stages);
    }

    [Fact]
    public void Pick_NoServerToDecode_IsRefused()
    {
        var decided = Decided.By(Load(BothDeciders), View(decoders: false));

        Assert.Equal(PickOutcome.FiltersDrained, decided.Outcome);
        Assert.Empty(decided.Picks);
    }

    [Fact]
    public void Pick_NoServerToPrefill_LeavesThePromptToTheDecodeServer()
    {
        var decided = Decided.By(Load(BothDeciders), View(prefillers: false), new InferenceRequest { HasMultiModal = true });

        Assert.Equal([1], decided.Picks);
        Assert.Null(decided.Headers[Prefiller]);
        Assert.Equal("encode-decode", decided.Stages);
    }

    [Fact]
    public void Pick_PrefillFirst_SplitsEveryPromptAndTheDestinationStillDecodes()
    {
        var configuration = Load("\n  parameters:\n    stageOrder: prefill-first\n    deciders:\n      encode: always-disagg-multimodal-decider");

        var text = Decided.By(configuration, View());
        var images = Decided.By(configuration, View(), new InferenceRequest { HasMultiModal = true });
        var refused = Decided.By(configuration, View(decoders: false));

        Assert.Equal((1, "10.0.0.2:8000", "prefill-decode"), (text.Picks.Single(), text.Headers[Prefiller], text.Stages));
        Assert.Equal((1, "10.0.0.5:8000,10.0.0.4:8000", "encode-prefill-decode"), (images.Picks.Single(), images.Headers[Encoders], images.Stages));
        Assert.Equal(PickOutcome.FiltersDrained, refused.Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n  parameters:\n    stageOrder: prefill-first")]
    public void Pick_SeveralRuns_ScoresAreThoseOfTheDestinationsProfile(string parameters)
    {
        var decided = Decided.By(Load(parameters.Length == 0 ? BothDeciders : parameters), View(), new InferenceRequest { HasMultiModal = true });

        Assert.Equal([0, 1], decided.Scored.Order());
    }

    [Fact]
    public void Pick_ThreeRunsAndTheirHeaders_AllocateNothing()
    {
        var configuration = Load(BothDeciders);
        var (view, request, random, scratch) = (View(), new InferenceRequest { HasMultiModal = true }, new Random(1), new PickScratch());
        int[] all = [0, 1, 2, 3, 4, 5];

        var bytes = AllocatedBytes.OfSteadyState(() =>
        {
            var context = new PickContext(view, request, 0, random);
            configuration.Scheduler.Pick(context, all, scratch, out _);
            scratch.Edits.Clear();
            configuration.Hooks.BeforeRequest(context, scratch.Result, scratch.Edits);
        });

        Assert.Equal(0, bytes);
        Assert.Equal(3, scratch.Result.Runs.Length);
    }

    [Fact]
    public void Pick_OtherProfileNames_AreTaken()
    {
        var decided = Decided.By(Load(BothDeciders + "\n    profiles:\n      prefill: encode\n      encode: prefill"), View());

        Assert.Equal("10.0.0.5:8000", decided.Headers[Prefiller]);
    }

    [Fact]
    public void Load_NoDecodeProfile_IsRefused()
    {
        var outcome = Loading.Load(Plugins + "\n  parameters:\n    profiles:\n      decode: nowhere" + Profiles);

        Assert.Contains(outcome.Faults, fault => fault.Contains("there is no profile 'nowhere' to decode with", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_DeciderOfAnotherKind_IsRefused()
    {
        var outcome = Loading.Load(Plugins + "\n  parameters:\n    deciders:\n      prefill: queue-scorer" + Profiles);

        Assert.Contains(outcome.Faults, fault => fault.Contains("plugin 'queue-scorer' can't be used here: it is no decider", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_DeciderOfAProfileThatIsNotThere_Warns()
    {
        var outcome = Loading.Load(Plugins + BothDeciders + "\n    profiles:\n      encode: nowhere" + Profiles);

        Assert.Empty(outcome.Faults);
        Assert.Contains(outcome.Warnings, warning => warning.Contains("deciders.encode has no effect: there is no profile 'nowhere'", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_OlderFlatParameters_MeanTheSameAndWarn()
    {
        var outcome = Loading.Load(Plugins + """

              parameters:
                decodeProfile: decode
                prefillProfile: encode
                encodeProfile: prefill
                deciderPluginName: always-disagg-pd-decider
                encodeDeciderPluginName: always-disagg-multimodal-decider
            """ + Profiles);

        Assert.Empty(outcome.Faults);
        Assert.Equal(
            [
                "decodeProfile is deprecated; use profiles.decode",
                "prefillProfile is deprecated; use profiles.prefill",
                "encodeProfile is deprecated; use profiles.encode",
                "deciderPluginName is deprecated; use deciders.prefill",
                "encodeDeciderPluginName is deprecated; use deciders.encode",
            ],
            outcome.Warnings.Where(warning => warning.Contains("disagg-profile-handler': ", StringComparison.Ordinal)).Select(warning => warning[(warning.IndexOf("': ", StringComparison.Ordinal) + 3)..]));
        var decided = Decided.By(outcome.Configuration!, View(), new InferenceRequest { HasMultiModal = true });
        Assert.Equal("10.0.0.5:8000", decided.Headers[Prefiller]);
        Assert.Equal("10.0.0.2:8000", decided.Headers[Encoders]);
    }

    [Fact]
    public void Load_OlderNamesOfTheDecider_TheLaterCounts()
    {
        var outcome = Loading.Load(Plugins + "\n  parameters: {deciderPluginName: always-disagg-multimodal-decider, prefillDeciderPluginName: always-disagg-pd-decider}" + Profiles);

        Assert.Contains(outcome.Warnings, warning => warning.EndsWith("deciderPluginName is deprecated; use deciders.prefill, which prefillDeciderPluginName says already", StringComparison.Ordinal));
        Assert.Equal("10.0.0.2:8000", Decided.By(outcome.Configuration!, View()).Headers[Prefiller]);
    }

    [Fact]
    public void Load_BothForms_AreRefused()
    {
        var outcome = Loading.Load(Plugins + "\n  parameters: {decodeProfile: decode, deciders: {prefill: always-disagg-pd-decider} }" + Profiles);

        Assert.EndsWith("plugin 'disagg-profile-handler': decodeProfile is of an older form, which doesn't mix with profiles and deciders; use profiles.decode", Assert.Single(outcome.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decode-first", "10.0.0.2:8000")]
    [InlineData("''", "10.0.0.2:8000")]
    [InlineData("Decode_First", "10.0.0.2:8000")]
    public void Load_StageOrder_IsReadInAnyWriting(string order, string prefiller) =>
        Assert.Equal(prefiller, Decided.By(Load($"\n  parameters: {{stageOrder: {order}, deciders: {{prefill: always-disagg-pd-decider}} }}"), View()).Headers[Prefiller]);

    [Fact]
    public void Load_StageOrder_PrefillFirstNeedsNoDecider()
    {
        Assert.Equal("10.0.0.2:8000", Decided.By(Load("\n  parameters: {stageOrder: PREFILL}"), View()).Headers[Prefiller]);
        Assert.EndsWith("stageOrder must be decode-first or prefill-first, not \"encode-first\"", Assert.Single(Loading.Load(Plugins + "\n  parameters: {stageOrder: encode-first}" + Profiles).Faults), StringComparison.Ordinal);
    }
}
