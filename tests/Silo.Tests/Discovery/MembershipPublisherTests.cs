using System.Collections.Immutable;
using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Silo.Discovery;

namespace Orleans.Inference.Silo.Tests.Discovery;

public sealed class MembershipPublisherTests : IAsyncLifetime
{
    private readonly Cluster _cluster = Cluster.Create();
    private readonly MembershipPublisher _publisher;

    public MembershipPublisherTests() => _publisher = new(_cluster.Grains, TimeProvider.System, NullLogger<MembershipPublisher>.Instance);

    public Task InitializeAsync() => _publisher.StartAsync(CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _publisher.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        _publisher.Dispose();
    }

    [Fact]
    public async Task Publish_Pools_TellsEachPoolThenTheDirectory()
    {
        _publisher.Publish([Pool("a"), Pool("b")]);

        var first = new[] { await _cluster.NextAsync(), await _cluster.NextAsync() };
        Assert.Equal(["SetMembership ns/a", "SetMembership ns/b"], first.Order(StringComparer.Ordinal));
        Assert.Equal("SetPools ns/a ns/b", await _cluster.NextAsync());
    }

    [Fact]
    public async Task Publish_NoPools_TellsTheDirectory()
    {
        _publisher.Publish([]);

        Assert.Equal("SetPools ", await _cluster.NextAsync());
    }

    [Fact]
    public async Task Repetition_PoolThatHasIt_IsOnlyConfirmed()
    {
        _publisher.Publish([Pool("a")]);
        await _cluster.UntilAsync("SetPools ns/a");

        Assert.Equal("ConfirmMembership ns/a", await _cluster.NextAsync());
        Assert.Equal("SetPools ns/a", await _cluster.NextAsync());
    }

    [Fact]
    public async Task Repetition_PoolThatHasForgotten_IsTold()
    {
        _cluster.Confirms = false;
        _publisher.Publish([Pool("a")]);
        await _cluster.UntilAsync("SetPools ns/a");

        Assert.Equal("ConfirmMembership ns/a", await _cluster.NextAsync());
        Assert.Equal("SetMembership ns/a", await _cluster.NextAsync());
    }

    [Fact]
    public async Task Publish_OtherContent_IsToldAgain()
    {
        _publisher.Publish([Pool("a")]);
        await _cluster.UntilAsync("SetPools ns/a");

        _publisher.Publish([Pool("a", port: 9000)]);

        await _cluster.UntilAsync("SetMembership ns/a");
    }

    [Fact]
    public async Task Cluster_ThatDoesNotAnswer_IsAskedAgainUntilItDoes()
    {
        _cluster.Failures = 3;
        _publisher.Publish([Pool("a")]);

        Assert.Equal("SetMembership ns/a", await _cluster.NextAsync());
        Assert.Equal("SetPools ns/a", await _cluster.NextAsync());
        Assert.Equal("SetMembership ns/a", await _cluster.NextAsync());
        Assert.Equal("SetPools ns/a", await _cluster.NextAsync());
        Assert.Equal("SetMembership ns/a", await _cluster.NextAsync());
    }

    [Fact]
    public async Task OnePool_ThatFails_KeepsNoOtherFromBeingTold()
    {
        _cluster.FailingKey = "ns/a";
        _publisher.Publish([Pool("a"), Pool("b")]);

        await _cluster.UntilAsync("SetMembership ns/b");
        await _cluster.UntilAsync("SetPools ns/a ns/b");
    }

    private static PoolMembership Pool(string name, int port = 8000) => PoolMembership.Create(new() { Namespace = "ns", Name = name, TargetPorts = [port] }, []);

    /// <summary>Stands for all grains; records what they are told.</summary>
    public class Cluster : DispatchProxy
    {
        private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();
        private string _key = "";
        private Cluster? _root;

        public IGrainFactory Grains => (IGrainFactory)(object)this;

        public bool Confirms { get; set; } = true;

        public int Failures { get; set; }

        public string? FailingKey { get; set; }

        public static Cluster Create() => (Cluster)(object)Create<IGrainFactory, Cluster>();

        public Task<string> NextAsync() => _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public async Task UntilAsync(string call)
        {
            while (await NextAsync() != call)
            {
            }
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IGrainFactory.GetGrain))
            {
                var grain = targetMethod.ReturnType == typeof(IPoolGrain) ? (object)Create<IPoolGrain, Cluster>() : Create<IPoolDirectoryGrain, Cluster>();
                ((Cluster)grain)._root = this;
                ((Cluster)grain)._key = (string)args![0]!;
                return grain;
            }

            return _root!.Call(targetMethod.Name, _key, args!);
        }

        private object Call(string method, string key, object?[] args)
        {
            var about = args[0] is ImmutableArray<PoolSpec> pools ? string.Join(" ", pools.Select(pool => pool.Key)) : key;
            _calls.Writer.TryWrite($"{method} {about}");
            if (key == FailingKey || Failures-- > 0)
            {
                return method == nameof(IPoolGrain.ConfirmMembership) ? Task.FromException<bool>(new TimeoutException("no answer")) : Task.FromException(new TimeoutException("no answer"));
            }

            return method == nameof(IPoolGrain.ConfirmMembership) ? Task.FromResult(Confirms) : Task.CompletedTask;
        }
    }
}
