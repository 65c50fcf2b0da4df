using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configuration;

/// <summary>A picker with a pool of three model servers and a configuration.</summary>
internal sealed class ConfiguredPicker(params string[] flags) : PickerFixture
{
    /// <summary>Addresses of the model servers.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    public ExtProcClient Client => ClientOf(Service);

    protected override IEnumerable<string> Flags => flags;

    public static async Task<ConfiguredPicker> StartAsync(params string[] flags)
    {
        var picker = new ConfiguredPicker(flags);
        try
        {
            await picker.InitializeAsync();
            return picker;
        }
        catch
        {
            await picker.DisposeAsync();
            throw;
        }
    }

    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("pool", Service, port);
        var servers = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            servers.Add((await AddPodAsync($"pod-{i}", "pool", port)).Single().Address);
        }

        Servers = servers;
    }
}
