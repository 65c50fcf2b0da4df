using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Rendering;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Tests.Rendering;

public sealed class TokenProducerTests
{
    private static ConfigurationOutcome Load(string body, PluginRegistry? registry = null) =>
        ConfigurationLoader.Load("c.yaml", "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n" + body, registry ?? GatewayPlugins.CreateRegistry(), new ConfigurationLoadOptions());

    private static PickerConfiguration Accept(string body, PluginRegistry? registry = null)
    {
        var outcome = Load(body, registry);
        Assert.Empty(outcome.Faults);
        return outcome.Configuration!;
    }

    private static string List(string parameters, string type = "token-producer") => $"plugins:\n- type: {type}\n  parameters: {{{parameters}}}\n";

    [Fact]
    public void Load_EveryParameter_IsTaken()
    {
        var configuration = Accept("""
            plugins:
            - type: token-producer
              parameters:
                estimate:
                  image:
                    mode: dynamic
                    defaultResolution: {width: 320, height: 320}
                    dynamic: {factor: 100}
                  video:
                    tokensPerFrame: {mode: static, static: {numTokensPerFrame: 7} }
                    frames:
                      mode: strided
                      minFrames: 3
                      maxFrames: 30
                      sampled: {sampleFPS: 0.5, temporalPatchSize: 2}
                      strided: {defaultSourceFPS: 30, frameStride: 15}
                    defaultResolution: {width: 640, height: 480}
                    defaultDuration: 2.5
                    maxVideoTokens: 1000

            """);
        var estimate = configuration.Find<TokenProducer>()!.Estimate;

        Assert.Equal(1024, estimate.Picture()); // 320 · 320 / 100
        Assert.Equal(35, estimate.Video(default)); // 2.5 s · 30 / 15 = 5 frames of 7
    }

    [Theory]
    [InlineData("plugins:\n- type: token-producer\n")]
    [InlineData("plugins:\n- type: token-producer\n  parameters: {}\n")]
    [InlineData("plugins:\n- type: token-producer\n  parameters: {estimate: {}}\n")]
    [InlineData("plugins:\n- type: token-producer\n  parameters: {modelName: '', estimate: {image: {}, video: {frames: {}}}}\n")]
    public void Load_NoBackend_EstimatesByDefaults(string body)
    {
        var outcome = Load(body);

        Assert.Empty(outcome.Faults);
        Assert.Empty(outcome.Warnings);
        var instance = outcome.Configuration!.Plugins.Single(plugin => plugin.Plugin is TokenProducer);
        Assert.False(instance.IsImplied);
        Assert.Equal(PluginData.Tokens, instance.Definition.Produces);
        Assert.Equal((225, 4500), (((TokenProducer)instance.Plugin).Estimate.Picture(), ((TokenProducer)instance.Plugin).Estimate.Video(default)));
    }

    [Theory]
    [InlineData("estimate: {}, modelName: m", "5:26: plugin 'token-producer': estimate and vllm (or modelName) exclude each other: leave one of them out")]
    [InlineData("modelName: m, vllm: {}, estimate: {image: {}}", "5:50: plugin 'token-producer': estimate and vllm (or modelName) exclude each other: leave one of them out")]
    [InlineData("vllm: {}", "5:22: plugin 'token-producer': modelName is missing: vllm makes tokens for a model")]
    [InlineData("modelName: m, vllm: {url: 'https://r'}", "5:36: plugin 'token-producer': vllm.url must be an http URL, not 'https://r'")]
    [InlineData("modelName: m, vllm: {timeout: 0s}", "5:36: plugin 'token-producer': vllm.timeout must be above 0")]
    [InlineData("udsTokenizerConfig: {socketFile: /s}", "5:36: plugin 'token-producer': udsTokenizerConfig is not supported: use vllm")]
    public void Load_BackendThatCantBe_IsRefused(string parameters, string fault)
    {
        Assert.Equal("c.yaml:" + fault, Assert.Single(Load(List(parameters)).Faults).ToString());
        Assert.Equal("c.yaml:" + fault.Replace("'token-producer'", "'tokenizer'", StringComparison.Ordinal), Assert.Single(Load(List(parameters, "tokenizer")).Faults).ToString());
    }

    [Theory]
    [InlineData("modelName: m", "http://localhost:8000")]
    [InlineData("modelName: m, vllm: {url: '', timeout: '', mmTimeout: ''}", "http://localhost:8000")]
    [InlineData("modelName: m, vllm: {url: 'http://r:8000/'}", "http://r:8000")]
    public void Load_Model_IsAskedForAndPicturesAreEstimated(string parameters, string url)
    {
        var producer = Accept(List(parameters)).Find<TokenProducer>()!;

        Assert.Equal(new RenderOptions(url, "m", TimeSpan.FromSeconds(5)), producer.Render);
        Assert.Equal(225, producer.Estimate.Picture());
    }

    [Theory]
    [InlineData("estimate: {image: {mode: auto}}", "5:41: parameters.estimate.image.mode must be dynamic or static, not \"auto\"")]
    [InlineData("estimate: {image: {defaultResolution: 640x360}}", "5:54: parameters.estimate.image.defaultResolution must be a mapping, not \"640x360\"")]
    [InlineData("estimate: {image: {factor: 2}}", "5:35: unknown field parameters.estimate.image.factor")]
    [InlineData("estimate: {video: {tokensPerFrame: {mode: sampled}}}", "5:58: parameters.estimate.video.tokensPerFrame.mode must be dynamic or static, not \"sampled\"")]
    [InlineData("estimate: {video: {frames: {mode: static}}}", "5:50: parameters.estimate.video.frames.mode must be sampled or strided, not \"static\"")]
    public void Load_FaultyParameter_IsTold(string parameters, string fault) => Assert.Equal("c.yaml:" + fault, Assert.Single(Load(List(parameters)).Faults).ToString());

    [Theory]
    [InlineData("estimate: {image: {dynamic: {factor: 0}}}", "5:53: parameters.estimate.image.dynamic.factor must be at least 1, not the number 0: the default, 1024, counts instead")]
    [InlineData("estimate: {image: {static: {staticToken: 0}}}", "5:57: parameters.estimate.image.static.staticToken must be 1 to 1048576, not the number 0: it counts as left out")]
    [InlineData("estimate: {video: {frames: {sampled: {sampleFPS: 0}}}}", "5:65: parameters.estimate.video.frames.sampled.sampleFPS must be above 0, not the number 0: the default, 2, counts instead")]
    [InlineData("estimate: {video: {frames: {strided: {frameStride: 0}}}}", "5:67: parameters.estimate.video.frames.strided.frameStride must be at least 1, not the number 0: the default, 1, counts instead")]
    [InlineData("estimate: {video: {defaultDuration: -1}}", "5:52: parameters.estimate.video.defaultDuration must be above 0, not the number -1: the default, 10, counts instead")]
    [InlineData("estimate: {video: {maxVideoTokens: -1}}", "5:51: parameters.estimate.video.maxVideoTokens must be at least 0, not the number -1: the default, 0, counts instead")]
    [InlineData("estimate: {video: {frames: {minFrames: 9, maxFrames: 8}}}", "5:26: plugin 'token-producer': estimate.video.frames.minFrames is 9, above maxFrames, 8, which counts instead")]
    public void Load_NumberThatMeansNothing_IsReplacedWithAWarning(string parameters, string warning)
    {
        var outcome = Load(List(parameters));

        Assert.Empty(outcome.Faults);
        Assert.Equal("c.yaml:" + warning, Assert.Single(outcome.Warnings));
    }

    [Theory]
    [InlineData("estimate: {image: {static: {staticToken: 5}}}", "estimate.image.static.staticToken has no effect: estimate.image.mode is dynamic")]
    [InlineData("estimate: {image: {mode: static}}", "estimate.image.mode is static, and without estimate.image.static.staticToken it counts 1 token")]
    [InlineData("estimate: {video: {tokensPerFrame: {static: {numTokensPerFrame: 5}}}}", "estimate.video.tokensPerFrame.static.numTokensPerFrame has no effect: estimate.video.tokensPerFrame.mode is dynamic")]
    public void Load_NumberAndModeThatDontMeet_Warns(string parameters, string warning)
    {
        var outcome = Load(List(parameters));

        Assert.Empty(outcome.Faults);
        Assert.Contains(warning, Assert.Single(outcome.Warnings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OlderName_IsTheSameAndWarns()
    {
        var outcome = Load(List("estimate: {image: {mode: static, static: {staticToken: 5}}}", "tokenizer"));

        Assert.Empty(outcome.Faults);
        Assert.Equal("c.yaml:4:9: plugin type 'tokenizer' is deprecated; use token-producer", Assert.Single(outcome.Warnings).ToString());
        Assert.Equal(5, outcome.Configuration!.Find<TokenProducer>()!.Estimate.Picture());
    }

    [Fact]
    public void Load_ConsumerWithoutProducer_HasOneImplied()
    {
        const string consumer = "plugins:\n- type: always-disagg-multimodal-decider\n";

        Assert.True(Accept(consumer).Plugins.Single(plugin => plugin.Plugin is TokenProducer).IsImplied);
        Assert.Equal("mine", Accept(consumer + "- {type: token-producer, name: mine}\n").Plugins.Single(plugin => plugin.Plugin is TokenProducer).Name);
    }

    [Fact]
    public void Resolve_ByName_IsAProducer()
    {
        var registry = GatewayPlugins.CreateRegistry();
        var resolved = default(IDataProducer);
        var consumer = PluginDefinition.Of<Consumer, ConsumerParameters>("consumer", (parameters, context) =>
        {
            resolved = context.Resolve<IDataProducer>(parameters.TokenProducerName);
            return new();
        });
        registry.Add(consumer with { Summary = "Names a producer." });

        Accept("plugins:\n- {type: consumer, parameters: {tokenProducerName: mine} }\n- {type: token-producer, name: mine}\n", registry);

        Assert.IsType<TokenProducer>(resolved);
    }

    private sealed class Consumer;

    private sealed record ConsumerParameters
    {
        public PluginReference? TokenProducerName { get; init; }
    }
}
