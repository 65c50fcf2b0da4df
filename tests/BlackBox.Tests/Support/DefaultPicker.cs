using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Support;

/// <summary>A picker with the flags' defaults, which the classes of tests share that change nothing in it.</summary>
public sealed class DefaultPicker : PickerFixture
{
    /// <summary>Picker of the pool with one model server, idle, and with policies.</summary>
    public const string Main = "epp";

    /// <summary>Picker of the pool with two pods of two ports each.</summary>
    public const string Ranks = "epp-ranks";

    /// <summary>Picker of the pool without model servers.</summary>
    public const string Empty = "epp-empty";

    /// <summary>Picker of the pool whose only model server has ten requests waiting.</summary>
    public const string Busy = "epp-busy";

    /// <summary>Picker of the pool whose policies are of v1alpha2's time, and which has a generic rewrite rule.</summary>
    public const string Legacy = "epp-legacy";

    /// <summary>Address of the model server of <see cref="Main"/>.</summary>
    public string MainServer { get; private set; } = "";

    /// <summary>Address of the model server of <see cref="Busy"/>.</summary>
    public string BusyServer { get; private set; } = "";

    /// <summary>Model servers of <see cref="Ranks"/>: both ports of the first pod, then both of the second.</summary>
    public IReadOnlyList<string> RankServers { get; private set; } = [];

    /// <inheritdoc/>
    protected override string FirstService => Main;

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        var second = Loopback.FreePort();
        WritePool("main", Main, port);
        WritePool("ranks", Ranks, port, second);
        WritePool("empty", Empty, port);
        WritePool("busy", Busy, port);
        WritePool("legacy", Legacy, port);
        MainServer = (await AddPodAsync("main-0", "main", port)).Single().Address;
        var busy = (await AddPodAsync("busy-0", "busy", port)).Single();
        busy.Queued = 10;
        BusyServer = busy.Address;
        await AddPodAsync("legacy-0", "legacy", port);
        var first = await AddPodAsync("ranks-0", "ranks", port, second);
        var other = await AddPodAsync("ranks-1", "ranks", port, second);
        RankServers = [.. first.Concat(other).Select(server => server.Address)];
        Manifests.Write("policies.yaml", PolicyManifests.All);
    }
}
