using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Limits;

/// <summary>A picker with low limits.</summary>
public sealed class LimitedPicker : PickerFixture
{
    /// <summary>Most bytes of a request's body.</summary>
    public const int BodySize = 100 * 1024;

    /// <summary>Most bytes of a message that is received; of one that is sent they are fewer than a chunk of a body has.</summary>
    public const int MessageSize = 64 * 1024;

    /// <summary>Most memory for bodies that are not whole.</summary>
    public const int HeldBytes = 512 * 1024;

    /// <summary>Most streams at once.</summary>
    public const int Streams = 8;

    /// <summary>Address of the model server.</summary>
    public string Server { get; private set; } = "";

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags =>
        ["--max-request-body-size", "100Ki", "--grpc-max-recv-msg-size", "64Ki", "--grpc-max-send-msg-size", "50Ki", "--max-streams", "8", "--max-held-bytes", "512Ki"];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        Server = (await AddPodAsync("main-0", "main", port)).Single().Address;
    }
}
