using System.Security.Cryptography.X509Certificates;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Figures;

/// <summary>A picker that reads the metrics of its model servers over HTTPS.</summary>
public sealed class HttpsMetricsPicker : PickerFixture
{
    private readonly X509Certificate2 _certificate = TestCertificates.SelfSigned("CN=model-server");

    /// <summary>The model server without a queue.</summary>
    public string Idle { get; private set; } = "";

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--model-server-metrics-scheme=https"];

    /// <inheritdoc/>
    protected override X509Certificate2? Certificate => _certificate;

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        (await AddPodAsync("main-0", "main", port)).Single().Queued = 4;
        Idle = (await AddPodAsync("main-1", "main", port)).Single().Address;
    }
}
