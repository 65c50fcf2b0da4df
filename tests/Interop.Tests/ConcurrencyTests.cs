using System.Net;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

[Collection(InteropCollection.Name)]
public sealed class ConcurrencyTests(InteropSystem system)
{
    private const int AtOnce = 400;

    [EnvoyFact]
    public async Task Post_HundredsAtOnce_ShareOneConnectionToThePicker()
    {
        var arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.Scripts["meet"] = async context =>
        {
            if (Interlocked.Increment(ref arrived) == AtOnce)
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(context.RequestAborted);
            await Echo.AnswerAsync(context, "");
        };
        using var client = system.CreateClient(InteropSystem.FullDuplex, HttpVersion.Version20);

        // No answer before all requests have arrived, so every one's ext_proc stream is open at once.
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ =>
            EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(1000), (ScriptedModelServer.ScriptHeader, "meet"))));

        Assert.Equal(AtOnce, arrived);
        Assert.Equal(1, await system.Envoy.ReadStatAsync("cluster.picker.upstream_cx_active"));
        await system.Picker.AwaitOpenStreamsAsync(0);
    }

    [EnvoyTheory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Post_ThousandsAtAConcurrencyOfHundreds_AllAreAnswered(string version)
    {
        const int Each = 10;
        using var client = system.CreateClient(InteropSystem.FullDuplex, new Version(version));
        var body = Bodies.OfLength(2000);
        var hash = Echo.HashOf(body);

        var answered = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            var good = 0;
            for (var i = 0; i < Each; i++)
            {
                var echo = await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, body);
                good += echo.Hash == hash && echo.Server == echo.Destination ? 1 : 0;
            }

            return good;
        }));

        Assert.Equal(AtOnce * Each, answered.Sum());
        Assert.Equal(1, await system.Envoy.ReadStatAsync("cluster.picker.upstream_cx_active"));
        await system.Picker.AwaitOpenStreamsAsync(0);
    }
}
