using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>A picker that tells scores and ignores subsets.</summary>
public sealed class FlaggedPicker : PickerFixture
{
    /// <summary>The picker of a pool whose one model server answers no scrape.</summary>
    public const string SilentService = "silent-epp";

    /// <summary>Addresses of the model servers; the second has a queue.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--emit-endpoint-scores", "--disable-endpoint-subset-filter"];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        var idle = (await AddPodAsync("main-0", "main", port)).Single();
        var busy = (await AddPodAsync("main-1", "main", port)).Single();
        busy.Queued = 4;
        WritePool("silent", SilentService, port);
        Manifests.WritePod("silent-0", NextAddress(), "silent", Namespace);
        Servers = [idle.Address, busy.Address];
    }
}
