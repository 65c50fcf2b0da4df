using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.BadInput;

/// <summary>A picker that takes bodies of up to 1 MiB, with one model server.</summary>
public sealed class BadInputPicker : IAsyncLifetime
{
    private StubModelServer? _modelServer;
    private PickerProcess? _picker;

    internal PickerProcess Picker => _picker!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _modelServer = await ScriptedModelServer.StartAsync(new ConcurrentDictionary<string, RequestDelegate>());
        _picker = await PickerManifests.StartPickerAsync([_modelServer.Port], tls: false, "--max-request-body-size", "1Mi", "-v", "0");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _picker, _modelServer })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }
}
