using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>A picker that sends requests by the length of their prompts, in which a picture has 2,000 tokens and a frame of a video 100.</summary>
public sealed class CountingPicker : PickerFixture
{
    private const string Configuration =
        """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: context-length-aware
          parameters: {label: example.com/tokens, enableFiltering: true}
        - type: token-producer
          parameters:
            estimate:
              image: {mode: static, static: {staticToken: 2000} }
              video:
                tokensPerFrame: {mode: static, static: {numTokensPerFrame: 100} }
        """;

    /// <summary>The server for prompts of 1,000 tokens or less.</summary>
    public string ForShort { get; private set; } = "";

    /// <summary>The server for longer ones.</summary>
    public string ForLong { get; private set; } = "";

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--config-text", Configuration];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        ForShort = (await AddLabelledPodAsync("short", "main", "example.com/tokens: 0-1000", port)).Single().Address;
        ForLong = (await AddLabelledPodAsync("long", "main", "example.com/tokens: 1001-1000000", port)).Single().Address;
    }
}
