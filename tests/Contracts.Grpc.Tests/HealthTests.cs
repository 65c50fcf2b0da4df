using Contracts.Grpc.Protos;
using Grpc.Core;
using Grpc.Health.V1;

namespace Contracts.Grpc;

public sealed class HealthTests
{
    [Fact]
    public async Task Check_OfKnownAndUnknownServices_AnswersAsTheProtocolSays()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = new Health.HealthClient(server.Connect());

        var whole = await client.CheckAsync(new HealthCheckRequest()).ResponseAsync.WaitAsync(ProbeServer.Patience);
        var one = await client.CheckAsync(new HealthCheckRequest { Service = "probe" }).ResponseAsync.WaitAsync(ProbeServer.Patience);
        var unknown = await Failure.OfAsync(client.CheckAsync(new HealthCheckRequest { Service = "other" }).ResponseAsync);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, whole.Status);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, one.Status);
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Watch_AService_TellsItsChanges()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = new Health.HealthClient(server.Connect()).Watch(new HealthCheckRequest { Service = "probe" });

        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, call.ResponseStream.Current.Status);
        server.Health.Set("probe", HealthCheckResponse.Types.ServingStatus.Serving);
        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, call.ResponseStream.Current.Status);
    }
}
