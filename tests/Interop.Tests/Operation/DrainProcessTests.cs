using Grpc.Core;
using Orleans.Inference.TestKit;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Orleans.Inference.Interop.Tests.Operation;

/// <summary>SIGTERM as the real process takes it.</summary>
public sealed class DrainProcessTests
{
    [Fact]
    public async Task Terminate_StreamInFlight_FinishesWhileNewOnesAreServedAndNobodyIsToldReady()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--health-checking", "--drain-timeout=20s");
        using var client = new ExtProcClient(picker.Plain);
        using var inFlight = await PickerUnderTest.OpenPickedAsync(client);
        using var health = picker.ProbeHealth();
        using var sharedHealth = new HealthProbe(client.Channel);
        using var watch = sharedHealth.Watch();
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        using var ownWatch = health.Watch();
        Assert.True(await ownWatch.ResponseStream.MoveNext(CancellationToken.None));

        picker.Program.Terminate();
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.Equal(ServingStatus.NotServing, await health.CheckAsync("readiness"));
        Assert.Equal(ServingStatus.Serving, await health.CheckAsync("liveness"));

        // Who has not noticed yet is served, on a connection that is open and on a new one.
        using (var late = new ExtProcClient(picker.Plain))
        {
            using var onOpenConnection = await PickerUnderTest.OpenPickedAsync(client);
            using var onNewConnection = await PickerUnderTest.OpenPickedAsync(late);
        }

        // The watches end with the readiness to take streams; the one in flight goes on.
        await picker.Program.WaitForLineAsync("ext_proc takes no more streams; 1 in flight");
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
        var response = await inFlight.SendResponseAsync(200, [("content-type", "application/json")], "{", "}");
        Assert.Equal("{}"u8.ToArray(), response.Body);
        inFlight.Reset();

        Assert.Equal(0, await picker.Program.WaitForExitAsync());
        Assert.Contains("The silo has stopped", picker.Program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_StreamThatNeverEnds_IsEndedAfterTheTimeout()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=1s");
        using var client = new ExtProcClient(picker.Plain);
        using var inFlight = await PickerUnderTest.OpenPickedAsync(client);
        picker.Program.Terminate();
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(inFlight.ReadAsync)).StatusCode);
        Assert.Equal(0, await picker.Program.WaitForExitAsync());
    }

    [Fact]
    public async Task Terminate_StreamThatTakesLongerThanHostsWait_Finishes()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=1h");
        using var client = new ExtProcClient(picker.Plain);
        using var inFlight = await PickerUnderTest.OpenPickedAsync(client);
        picker.Program.Terminate();
        await picker.Program.WaitForLineAsync("ext_proc takes no more streams; 1 in flight");

        // A .NET host gives up on its services after 30 s if it is not told otherwise; there is no clock to turn in another process.
        await Task.Delay(TimeSpan.FromSeconds(32));

        var response = await inFlight.SendResponseAsync(200, [("content-type", "application/json")], "{", "}");
        Assert.Equal("{}"u8.ToArray(), response.Body);
        inFlight.Reset();
        Assert.Equal(0, await picker.Program.WaitForExitAsync());
    }

    [Fact]
    public async Task Terminate_NoDrainTimeout_StopsAtOnce()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=0");
        using var client = new ExtProcClient(picker.Plain);
        using var inFlight = await PickerUnderTest.OpenPickedAsync(client);
        picker.Program.Terminate();
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(inFlight.ReadAsync)).StatusCode);
        Assert.Equal(0, await picker.Program.WaitForExitAsync());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task Terminate_Twice_DoesNotWaitForTheDrain(int signal)
    {
        // Longer than any test may take.
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=1h");
        using var client = new ExtProcClient(picker.Plain);
        using var inFlight = await PickerUnderTest.OpenPickedAsync(client);
        picker.Program.Terminate();
        await picker.Program.WaitForLineAsync("ext_proc drains");
        picker.Program.Signal(signal);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(inFlight.ReadAsync)).StatusCode);
        Assert.Equal(0, await picker.Program.WaitForExitAsync());
        Assert.Contains("is told again to stop", picker.Program.Output, StringComparison.Ordinal);
    }
}
