using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>A picker whose manifests tests change.</summary>
public sealed class ChangingPicker : PickerFixture
{
    /// <summary>Port of all model servers.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        WritePool("main", Service, Port);
        await AddPodAsync("main-0", "main", Port);
    }
}
