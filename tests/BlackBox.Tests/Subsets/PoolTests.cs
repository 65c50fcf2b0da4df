using Orleans.Inference.BlackBox.Tests.Support;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>Several pools on one port, told apart by the <c>:authority</c> of the call.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class PoolTests(DefaultPicker picker)
{
    [Theory]
    [InlineData("epp-busy")]
    [InlineData("epp-busy:9002")]
    [InlineData("epp-busy.ns")]
    [InlineData("epp-busy.ns:9002")]
    [InlineData("epp-busy.ns.svc")]
    [InlineData("epp-busy.ns.svc:9002")]
    [InlineData("epp-busy.ns.svc.cluster.local")]
    [InlineData("epp-busy.ns.svc.cluster.local:9002")]
    [InlineData("EPP-Busy.NS.svc")]
    [InlineData("outbound|9002||epp-busy.ns.svc.cluster.local")]
    [InlineData("outbound_.9002_._.epp-busy.ns.svc.cluster.local")]
    [InlineData("outbound_.9002_.v1_.epp-busy.ns.svc.cluster.local")]
    [InlineData("extension/ns/epp-busy")]
    [InlineData("extension.ns.epp-busy")]
    public async Task Authority_OfAPoolsService_ChoosesThePool(string authority)
    {
        using var client = picker.Picker.CreateClient(authority);

        Assert.Equal(picker.BusyServer, (await client.PickAsync(Exchanges.Prompt("m"))).Destination);
        Assert.Equal(picker.BusyServer, (await client.GetAsync()).SetHeader("x-gateway-destination-endpoint"));
    }

    [Theory]
    [InlineData("nobody.ns.svc.cluster.local:9002")]
    [InlineData("epp-busy.elsewhere.svc.cluster.local:9002")]
    [InlineData("127.0.0.1:9002")]
    public async Task Authority_OfNoPool_IsRefused(string authority)
    {
        using var client = picker.Picker.CreateClient(authority);

        var refusal = await client.RefuseAsync(Exchanges.Prompt("m"));

        Assert.Equal(503, refusal.Status);
        Assert.StartsWith("inference error: ServiceUnavailable - ", refusal.Body, StringComparison.Ordinal);
    }
}
