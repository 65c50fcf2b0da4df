using System.Collections.Frozen;
using System.Net;
using Orleans.Inference.ExtProcGateway.KvEvents;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Tests.KvEvents;

public sealed class KvEventSourceTests
{
    private static KvEventSource? Of(string id, string address, int port = 5557, int replay = 0) =>
        KvEventSource.Of(new ModelServer(id, address, FrozenDictionary<string, string>.Empty), new KvEventOptions("kv@", port, replay));

    [Theory]
    [InlineData("ns/pod-rank-0", "10.0.0.1:8000", "10.0.0.1:5557")]
    [InlineData("ns/pod-rank-3", "10.0.0.1:8003", "10.0.0.1:5560")]
    [InlineData("ns/pod-rank-x-rank-2", "[fd00::7]:8000", "[fd00::7]:5559")]
    [InlineData("ns/pod", "10.0.0.1:8000", "10.0.0.1:5557")]
    public void Of_Server_IsItsAddressAtThePortOfItsRank(string id, string address, string events)
    {
        Assert.Equal(new KvEventSource(id, IPEndPoint.Parse(events), null, "kv@"), Of(id, address));
        Assert.Equal(IPEndPoint.Parse(events).Port + 43, Of(id, address, replay: 5600)!.Replay!.Port);
    }

    [Theory]
    [InlineData("ns/pod-rank-0", "model.example:8000", 5557)]
    [InlineData("ns/pod-rank-9", "10.0.0.1:8000", 65_530)]
    public void Of_ServerWithoutSuchAPlace_IsNone(string id, string address, int port) => Assert.Null(Of(id, address, port));
}
