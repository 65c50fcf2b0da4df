using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Limits;

/// <summary>A picker that waits two seconds for the next piece of a body: short for the tests, long between two sends of a busy machine.</summary>
public sealed class ImpatientPicker : PickerFixture
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--body-timeout", "2s"];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        await AddPodAsync("main-0", "main", port);
    }
}
