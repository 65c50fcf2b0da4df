using System.Collections.Frozen;
using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests;

public sealed class HeaderBasedTestingFilterTests
{
    private static readonly PoolView View = ViewOf("10.0.0.1:8000", "10.0.0.1:8001", "10.0.0.2:8000", "[fd00::1]:8000");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0.9")]
    [InlineData("10.0.0.2:9999")]
    [InlineData("10.0.0.2", 2)]
    [InlineData("10.0.0.2:8000, 10.0.0.1:8001", 2, 1)]
    [InlineData("10.0.0.1", 0)]
    [InlineData("10.0.0.1:8001,10.0.0.1:8000,10.0.0.1", 1)]
    [InlineData("10.0.0.2,nonsense,,10.0.0.1,10.0.0.2", 2, 0)]
    [InlineData("fd00::1", 3)]
    [InlineData("[fd00::1]:8000,10.0.0.2", 3, 2)]
    public void Keep_Header_IsFollowedInItsOrder(string? header, params int[] expected)
    {
        int[] candidates = [0, 1, 2, 3];
        var request = new InferenceRequest { Headers = header is null ? new FixedHeaders() : new FixedHeaders(("test-epp-endpoint-selection", header)) };
        var kept = new HeaderBasedTestingFilter().Keep(new PickContext(View, request, 0, new Random(1)), candidates);

        Assert.Equal(expected, candidates[..kept]);
    }

    [Fact]
    public void Keep_ServerThatIsNoCandidate_IsLeftOut()
    {
        int[] candidates = [1, 2];
        var request = new InferenceRequest { Headers = new FixedHeaders(("test-epp-endpoint-selection", "10.0.0.1:8000,10.0.0.2")) };

        Assert.Equal(1, new HeaderBasedTestingFilter().Keep(new PickContext(View, request, 0, new Random(1)), candidates));
        Assert.Equal(2, candidates[0]);
    }

    [Fact]
    public void Keep_NoHeadersKnown_KeepsNone() =>
        Assert.Equal(0, new HeaderBasedTestingFilter().Keep(new PickContext(View, new InferenceRequest(), 0, new Random(1)), [0, 1]));

    private static PoolView ViewOf(params string[] addresses) => new(
        "default/pool",
        1,
        [.. addresses.Select((address, i) => new ModelServer($"default/pod{i}-rank-0", address, FrozenDictionary<string, string>.Empty))],
        new LoadColumns(new int[addresses.Length], new int[addresses.Length], new double[addresses.Length], new long[addresses.Length]),
        [.. addresses.Select(_ => LoraState.None)],
        new CacheConfig[addresses.Length]);
}
