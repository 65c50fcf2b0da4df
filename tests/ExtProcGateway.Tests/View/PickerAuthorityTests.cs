using Orleans.Inference.ExtProcGateway.View;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

public sealed class PickerAuthorityTests
{
    [Theory]
    [InlineData("epp", "epp", null, null)]
    [InlineData("epp.", "epp", null, null)]
    [InlineData("epp:9002", "epp", null, 9002)]
    [InlineData("epp.team", "epp", "team", null)]
    [InlineData("epp.team:9002", "epp", "team", 9002)]
    [InlineData("epp.team.svc", "epp", "team", null)]
    [InlineData("epp.team.svc.cluster.local", "epp", "team", null)]
    [InlineData("epp.team.svc.cluster.local.:9002", "epp", "team", 9002)]
    [InlineData("epp.team.svc.corp.example.com:9002", "epp", "team", 9002)]
    [InlineData("EPP.Team.SVC", "epp", "team", null)]
    [InlineData("outbound|9002||epp.team.svc.cluster.local", "epp", "team", 9002)]
    [InlineData("outbound|9002|v1|epp.team.svc.cluster.local", "epp", "team", 9002)]
    public void Parse_AServicesName_GivesItsParts(string authority, string service, string? ns, int? port)
    {
        Assert.Equal(new PickerAuthority(service, ns, port), PickerAuthority.Parse(authority));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(":9002")]
    [InlineData("epp:")]
    [InlineData("epp:x")]
    [InlineData("epp:70000")]
    [InlineData("epp..svc")]
    [InlineData("epp.team.pod.cluster.local")]
    [InlineData("[::1]:9002")]
    [InlineData("outbound|9002")]
    [InlineData("outbound|x||epp.team")]
    [InlineData("outbound|9002||")]
    public void Parse_AnythingElse_GivesNull(string authority)
    {
        Assert.Null(PickerAuthority.Parse(authority));
    }
}
