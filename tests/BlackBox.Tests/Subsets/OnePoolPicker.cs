using System.Globalization;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>A picker of one pool of several, as a deployment of the reference picker is started, with a port of its own for that pool besides.</summary>
public sealed class OnePoolPicker : PickerFixture
{
    /// <summary>The port of its own.</summary>
    public int OwnPort { get; } = Loopback.FreePort();

    /// <summary>Address of the pool's model server.</summary>
    public string Server { get; private set; } = "";

    /// <inheritdoc/>
    protected override string FirstService => "anything";

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags =>
        ["--pool-name", "main", "--pool-namespace", Namespace, "--listen", string.Create(CultureInfo.InvariantCulture, $"{Namespace}/main={OwnPort}")];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", "epp", port);
        WritePool("other", "epp-other", port);
        Server = (await AddPodAsync("main-0", "main", port)).Single().Address;
        await AddPodAsync("other-0", "other", port);
    }
}
