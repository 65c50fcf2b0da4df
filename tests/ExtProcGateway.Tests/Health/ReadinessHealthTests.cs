using Orleans.Inference.ExtProcGateway.Health;

namespace Orleans.Inference.ExtProcGateway.Tests.Health;

/// <summary>The table of the reference's health answers; a replica here is always a leader.</summary>
public sealed class ReadinessHealthTests
{
    [Theory]
    [InlineData("", HealthStatus.NotServing, HealthStatus.Serving, HealthStatus.NotServing, HealthStatus.Serving)]
    [InlineData("readiness", HealthStatus.NotServing, HealthStatus.Serving, HealthStatus.NotServing, HealthStatus.Serving)]
    [InlineData("envoy.service.ext_proc.v3.ExternalProcessor", HealthStatus.NotServing, HealthStatus.Serving, HealthStatus.NotServing, HealthStatus.Serving)]
    [InlineData("liveness", HealthStatus.Serving, HealthStatus.Serving, HealthStatus.Serving, HealthStatus.Serving)]
    [InlineData("inference-extension", HealthStatus.NotServing, HealthStatus.Serving, HealthStatus.ServiceUnknown, HealthStatus.ServiceUnknown)]
    internal void Check_ServiceReadyOrNot_IsAsTheReferenceHasIt(string service, HealthStatus alone, HealthStatus aloneReady, HealthStatus leader, HealthStatus leaderReady)
    {
        var leaderless = new ReadinessHealth();
        var elected = new ReadinessHealth(leaderElection: true);
        Assert.Equal((alone, leader), (leaderless.Check(service), elected.Check(service)));
        leaderless.Ready = elected.Ready = true;
        Assert.Equal((aloneReady, leaderReady), (leaderless.Check(service), elected.Check(service)));
    }
}
