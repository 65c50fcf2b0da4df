using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Tracing;

/// <summary>A picker that writes its spans to its standard output.</summary>
public sealed class TracedPicker : PickerFixture
{
    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string?> Variables =>
        new Dictionary<string, string?> { ["OTEL_TRACES_EXPORTER"] = "console", ["OTEL_TRACES_SAMPLER_ARG"] = "1" };

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        await AddPodAsync("main-0", "main", port);
    }
}
