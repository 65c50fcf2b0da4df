using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;
using static Orleans.Inference.Picking.Tests.Configuration.Loading;

namespace Orleans.Inference.Picking.Tests.Configuration;

/// <summary>A plugin that a third party writes: parameters of every kind, references to others.</summary>
public sealed class PluginDefinitionTests
{
    private static readonly PluginDefinition Probe = PluginDefinition.Of<ProbeScorer, ProbeParameters>("probe", (parameters, context) => new(parameters, context)) with { Summary = "Of a test.", Formula = "1" };

    [Fact]
    public void Load_ParametersOfAllKinds_AreRead()
    {
        var probe = Load("""
            plugins:
            - type: probe
              name: p
              parameters:
                text: t
                truth: true
                count: -3
                large: 5000000000
                ratio: 1
                wait: 1m30s
                size: 2Ki
                mode: fast
                inner: {depth: 2}
                items: [{depth: 1}, {depth: 2}]
                words: [a, b]
                labels: {k: v}
                maxTTFTPenaltyMs: 5
            """, out var faults);

        Assert.Empty(faults);
        var parameters = probe!.Parameters;
        Assert.True(parameters is { Text: "t", Truth: true, Count: -3, Large: 5_000_000_000, Ratio: 1, Mode: "fast", Inner.Depth: 2, MaxTTFTPenaltyMs: 5 });
        Assert.Equal(TimeSpan.FromSeconds(90), parameters.Wait);
        Assert.Equal(new ByteSize(2048), parameters.Size);
        Assert.Equal([1, 2], parameters.Items.Select(item => item.Depth));
        Assert.Equal(["a", "b"], parameters.Words.ToArray());
        Assert.Equal("v", parameters.Labels["k"]);
        Assert.Equal("p", probe.Name);
    }

    [Fact]
    public void Load_NoParameters_HasTheRecordsDefaults() => Assert.Equal(new ProbeParameters(), Load("plugins: [{type: probe}]\n", out _)!.Parameters);

    [Theory]
    [InlineData("text: 5", "7:11: parameters.text must be text, not the number 5; quote it")]
    [InlineData("truth: 1", "7:12: parameters.truth must be true or false, not the number 1")]
    [InlineData("truth: 'yes'", "7:12: parameters.truth must be true or false, not \"yes\"")]
    [InlineData("text: on", "7:11: parameters.text must be text, not the truth value on; quote it")]
    [InlineData("text: 0x10", "7:11: parameters.text must be text, not the number 0x10; quote it")]
    [InlineData("count: 0x80000000", "7:12: parameters.count must be a whole number from -2147483648 to 2147483647, not the number 0x80000000")]
    [InlineData("count: 2.5", "7:12: parameters.count must be a whole number, not the number 2.5")]
    [InlineData("count: 3000000000", "7:12: parameters.count must be a whole number from -2147483648 to 2147483647, not the number 3000000000")]
    [InlineData("ratio: .nan", "7:12: parameters.ratio must be a number, not the number .nan")]
    [InlineData("wait: 5", "7:11: parameters.wait must be a duration such as 200ms or 1m30s, not the number 5")]
    [InlineData("size: -1", "7:11: parameters.size must be a quantity such as 1000 or 1Gi, not the number -1")]
    [InlineData("mode: slow", "7:11: parameters.mode must be fast or exact, not \"slow\"")]
    [InlineData("inner: [1]", "7:12: parameters.inner must be a mapping, not a list")]
    [InlineData("inner: {deep: 1}", "7:13: unknown field parameters.inner.deep")]
    [InlineData("inner: {depth: 11}", "7:20: parameters.inner.depth must be 0 to 10, not the number 11")]
    [InlineData("items: {depth: 1}", "7:12: parameters.items must be a list, not a mapping")]
    [InlineData("items: [{depth: a}]", "7:21: parameters.items[0].depth must be a whole number, not \"a\"")]
    [InlineData("words: [1]", "7:13: parameters.words[0] must be text, not the number 1; quote it")]
    [InlineData("labels: [k]", "7:13: parameters.labels must be a mapping, not a list")]
    [InlineData("other: nobody", "7:12: parameters.other: there is no plugin 'nobody'")]
    [InlineData("other: p", "5:9: plugins refer to each other in a circle: p")]
    [InlineData("count: 13", "7:12: plugin 'p': 13 is no good")]
    [InlineData("count: 14", "5:9: plugin 'p' can't be made: 14 throws")]
    public void Load_FaultyParameter_IsToldWithItsPlace(string parameter, string fault)
    {
        Load($"plugins:\n- type: probe\n  name: p\n  parameters:\n    {parameter}\n", out var faults);

        Assert.Equal([$"c.yaml:{fault}"], faults);
    }

    [Fact]
    public void Load_ReferenceToALaterPlugin_IsMadeBefore()
    {
        var probe = Load("plugins:\n- {type: probe, name: a, parameters: {other: b}}\n- {type: probe, name: b, parameters: {text: second}}\n", out var faults);

        Assert.Empty(faults);
        Assert.Equal("second", probe!.Other!.Parameters.Text);
    }

    [Fact]
    public void Load_ReferenceToAPluginOfAnotherKind_IsToldWithItsPlace()
    {
        Load("plugins:\n- {type: probe, parameters: {other: q}}\n- {type: queue-scorer, name: q}\n", out var faults);

        Assert.Equal(["c.yaml:4:37: parameters.other: plugin 'q' can't be used here: it is no ProbeScorer"], faults);
    }

    [Fact]
    public void Load_Circle_IsTold()
    {
        Load("plugins:\n- {type: probe, name: a, parameters: {other: b}}\n- {type: probe, name: b, parameters: {other: a}}\n", out var faults);

        Assert.Equal(["c.yaml:4:23: plugins refer to each other in a circle: a, b"], faults);
    }

    [Fact]
    public void Add_TypeThatIsThere_Throws() => Assert.Throws<ArgumentException>(() => PluginRegistry.CreateBuiltIn().Add(Probe).Add(Probe));

    [Fact]
    public void Add_WithoutASummary_Throws() => Assert.Throws<ArgumentException>(() => new PluginRegistry().Add(Probe with { Summary = "" }));

    private static ProbeScorer? Load(string body, out IReadOnlyList<string> faults)
    {
        var outcome = Loading.Load(body, PluginRegistry.CreateBuiltIn().Add(Probe));
        faults = outcome.Faults;
        return outcome.Configuration?.Find<ProbeScorer>();
    }

    public sealed record ProbeParameters
    {
        public string Text { get; init; } = "";

        public bool Truth { get; init; }

        public int Count { get; init; } = 7;

        public long? Large { get; init; }

        public double Ratio { get; init; } = 0.5;

        public TimeSpan Wait { get; init; }

        public ByteSize? Size { get; init; }

        [AllowedValues("fast", "exact")]
        public string Mode { get; init; } = "exact";

        public InnerParameters Inner { get; init; } = new();

        public ImmutableArray<InnerParameters> Items { get; init; } = [];

        public ImmutableArray<string> Words { get; init; } = [];

        public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

        public PluginReference? Other { get; init; }

        public double MaxTTFTPenaltyMs { get; init; }
    }

    public sealed record InnerParameters
    {
        [Range(0, 10)]
        public int Depth { get; init; }
    }

    private sealed class ProbeScorer : IScorer
    {
        public ProbeScorer(ProbeParameters parameters, PluginContext context)
        {
            Parameters = parameters;
            Name = context.Name;
            Other = context.Resolve<ProbeScorer>(parameters.Other);
            if (parameters.Count == 13)
            {
                context.Fault("count", "13 is no good");
            }

            if (parameters.Count == 14)
            {
                throw new InvalidOperationException("14 throws");
            }
        }

        public ProbeParameters Parameters { get; }

        public string Name { get; }

        public ProbeScorer? Other { get; }

        public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores) => scores.Fill(1);
    }
}
