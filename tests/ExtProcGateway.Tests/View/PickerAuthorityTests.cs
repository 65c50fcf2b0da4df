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
    [InlineData("outbound_.9002_._.epp.team.svc.cluster.local", "epp", "team", 9002)]
    [InlineData("outbound_.9002_.v1_.epp.team.svc.cluster.local", "epp", "team", 9002)]
    [InlineData("extension/team/epp", "epp", "team", null)]
    [InlineData("Extension/Team/EPP", "epp", "team", null)]
    [InlineData("extension.team.epp", "epp", "team", null)]
    [InlineData("extension.team.epp:443", "epp", "team", 443)]
    [InlineData("extension.team", "extension", "team", null)]
    [InlineData("extension.team.svc", "extension", "team", null)]
    [InlineData("extension.team.svc.cluster.local:9002", "extension", "team", 9002)]
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
    [InlineData("outbound|9002|epp.team")]
    [InlineData("outbound_.9002")]
    [InlineData("outbound_.9002_.epp.team")]
    [InlineData("outbound_.x_._.epp.team")]
    [InlineData("outbound_.9002_._.")]
    [InlineData("extension/team")]
    [InlineData("extension/team/")]
    [InlineData("extension//epp")]
    [InlineData("extension/team/epp/more")]
    [InlineData("extension.team.epp.more")]
    [InlineData("extension..epp")]
    public void Parse_AnythingElse_GivesNull(string authority)
    {
        Assert.Null(PickerAuthority.Parse(authority));
    }
}
