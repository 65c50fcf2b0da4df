using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>A picker that tells scores and ignores subsets.</summary>
public sealed class FlaggedPicker : PickerFixture
{
    /// <summary>The pool's picker.</summary>
    public const string Service = "epp";

    /// <summary>Addresses of the model servers; the second has a queue.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    /// <inheritdoc/>
    protected override string FirstService => Service;

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
        Servers = [idle.Address, busy.Address];
    }
}
