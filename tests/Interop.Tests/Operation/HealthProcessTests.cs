using Grpc.Core;
using Orleans.Inference.TestKit;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Orleans.Inference.Interop.Tests.Operation;

/// <summary>gRPC health of the real process, on both ports.</summary>
public sealed class HealthProcessTests
{
    private const string ExtProc = "envoy.service.ext_proc.v3.ExternalProcessor";

    [Fact]
    public async Task Check_NoElection_EveryNameHasTheStateOfTheWholeOnBothPorts()
    {
        await using var picker = await PickerUnderTest.StartAsync("--secure-serving=false", "--health-checking", "--drain-timeout=0");
        using var own = picker.ProbeHealth();
        using var client = new ExtProcClient(picker.Plain);
        using var shared = new HealthProbe(client.Channel);
        foreach (var port in new[] { own, shared })
        {
            Assert.Equal(ServingStatus.Serving, await port.CheckAsync("liveness"));
            foreach (var service in new[] { "", "readiness", ExtProc, "inference-extension" })
            {
                Assert.Equal(ServingStatus.NotServing, await port.CheckAsync(service));
            }
        }

        using var watch = shared.Watch();
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        picker.WriteEmptyPool();
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
        foreach (var port in new[] { own, shared })
        {
            foreach (var service in new[] { "", "liveness", "readiness", ExtProc, "inference-extension" })
            {
                Assert.Equal(ServingStatus.Serving, await port.CheckAsync(service));
            }
        }
    }

    [Fact]
    public async Task Check_Election_UnknownNamesAreToldAndTheReplicaLeads()
    {
        await using var picker = await PickerUnderTest.StartReadyAsync("--secure-serving=false", "--health-checking", "--ha-enable-leader-election", "--drain-timeout=0");
        using var own = picker.ProbeHealth();
        using var client = new ExtProcClient(picker.Plain);
        using var shared = new HealthProbe(client.Channel);
        foreach (var port in new[] { own, shared })
        {
            Assert.Equal(ServingStatus.ServiceUnknown, await port.CheckAsync("inference-extension"));
            foreach (var service in new[] { "", "liveness", "readiness", ExtProc })
            {
                Assert.Equal(ServingStatus.Serving, await port.CheckAsync(service));
            }
        }
    }

    [Fact]
    public async Task Check_HealthCheckingIsOff_IsUnimplementedOnTheExtProcPort()
    {
        await using var picker = await PickerUnderTest.StartAsync("--secure-serving=false", "--drain-timeout=0");
        using var client = new ExtProcClient(picker.Plain);
        using var shared = new HealthProbe(client.Channel);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => shared.CheckAsync())).StatusCode);
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<Grpc.Health.V1.HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        return watch.ResponseStream.Current.Status;
    }
}
