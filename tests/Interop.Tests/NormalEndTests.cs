using System.Net;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.MetricsPages;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Envoy resets the stream of a request that went well, or half-closes it where the picker does not see the response's body.</summary>
[Collection(InteropCollection.Name)]
public sealed class NormalEndTests(InteropSystem system)
{
    private const int Requests = 20;

    [EnvoyTheory]
    [InlineData("full-duplex")]
    [InlineData("buffered")]
    [InlineData("buffered-partial")]
    [InlineData("streamed")]
    [InlineData("no-bodies")]
    [InlineData("no-response-body")]
    public async Task Request_EndsWell_IsCountedAndNotTakenForAnError(string listener)
    {
        await system.AwaitIdleAsync();
        var before = await system.Picker.ReadMetricsAsync();
        var logged = system.Picker.Log.Length;
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);

        for (var i = 0; i < Requests; i++)
        {
            await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(1000));
        }

        await system.AwaitIdleAsync();
        var after = await system.Picker.ReadMetricsAsync();
        Assert.Equal(Requests, Difference("llm_d_epp_request_total"));
        Assert.Equal(0, Difference("llm_d_epp_request_error_total"));
        Assert.Equal("", system.Picker.Log[logged..]);

        double Difference(string name) => MetricsText.Sum(after, name) - MetricsText.Sum(before, name);
    }
}
