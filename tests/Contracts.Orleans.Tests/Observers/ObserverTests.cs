using System.Runtime.CompilerServices;
using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Observers;

public sealed class ObserverTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private INewsGrain NewGrain() => fixture.Grains.GetGrain<INewsGrain>(Key.New());

    private INewsObserver Refer(NewsObserver observer) => fixture.Grains.CreateObjectReference<INewsObserver>(observer);

    [Fact]
    public async Task Notify_Subscribed_IsTold()
    {
        var grain = NewGrain();
        var observer = new NewsObserver();
        await grain.Subscribe(Refer(observer)).Within();

        await grain.Tell(7).Within();

        Assert.Equal(7, await Next(observer));
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task Notify_ManyFromOneTurn_AllArrive()
    {
        var grain = NewGrain();
        var observer = new NewsObserver();
        await grain.Subscribe(Refer(observer)).Within();

        await grain.TellMany(200).Within();
        for (var i = 0; i < 200; i++)
        {
            await Next(observer);
        }

        Assert.Equal(Enumerable.Range(0, 200), observer.All.Order());
    }

    [Fact]
    public async Task Notify_ReferenceOfASilosOwnFactory_IsTold()
    {
        var silo = fixture.Cluster.GetSiloServiceProvider();
        var factory = (IGrainFactory)silo.GetService(typeof(IGrainFactory))!;
        var observer = new NewsObserver();
        var reference = factory.CreateObjectReference<INewsObserver>(observer);
        var grain = NewGrain();
        await grain.Subscribe(reference).Within();

        await grain.Tell(8).Within();

        Assert.Equal(8, await Next(observer));
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task Ask_ObserverAnswers_ResultComesBack()
    {
        var observer = new NewsObserver();

        Assert.Equal(4, await NewGrain().AskOne(Refer(observer), 3).Within());
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task Ask_ObserverThrows_GrainSeesIt()
    {
        var observer = new NewsObserver { Fails = true };

        await Assert.ThrowsAsync<InvalidOperationException>(() => NewGrain().AskOne(Refer(observer), 3).Within());
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task Ask_OneOfTwoFails_OnlyItIsForgotten()
    {
        var grain = NewGrain();
        var good = new NewsObserver();
        var bad = new NewsObserver { Fails = true };
        await grain.Subscribe(Refer(good)).Within();
        await grain.Subscribe(Refer(bad)).Within();

        Assert.Equal(1, await grain.Ask(1).Within());

        await grain.Tell(5).Within();
        Assert.Equal(5, await Next(good));
        GC.KeepAlive(bad);
    }

    [Fact]
    public async Task Subscribe_Again_CountsOnce()
    {
        var grain = NewGrain();
        var observer = new NewsObserver();
        var reference = Refer(observer);

        await grain.Subscribe(reference).Within();
        await grain.Subscribe(reference).Within();

        Assert.Equal(1, await grain.Count().Within());
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task Unsubscribe_Subscribed_IsToldNoMore()
    {
        var grain = NewGrain();
        var observer = new NewsObserver();
        var reference = Refer(observer);
        await grain.Subscribe(reference).Within();

        await grain.Unsubscribe(reference).Within();

        Assert.Equal(0, await grain.Count().Within());
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task Notify_Expired_IsForgottenAndNotTold()
    {
        var grain = NewGrain();
        var observer = new NewsObserver();
        await grain.Subscribe(Refer(observer)).Within();

        await grain.Advance(TimeSpan.FromMinutes(2)).Within();
        await grain.Tell(1).Within();

        Assert.Equal(0, await grain.Count().Within());
        Assert.Empty(observer.All);
    }

    [Fact]
    public async Task Notify_SubscribedAnewBeforeExpiry_IsTold()
    {
        var grain = NewGrain();
        var observer = new NewsObserver();
        var reference = Refer(observer);
        await grain.Subscribe(reference).Within();

        await grain.Advance(TimeSpan.FromSeconds(50)).Within();
        await grain.Subscribe(reference).Within();
        await grain.Advance(TimeSpan.FromSeconds(50)).Within();
        await grain.Tell(2).Within();

        Assert.Equal(2, await Next(observer));
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task ClearExpired_Expired_IsForgotten()
    {
        var grain = NewGrain();
        var observer = new NewsObserver();
        await grain.Subscribe(Refer(observer)).Within();

        await grain.Advance(TimeSpan.FromMinutes(2)).Within();

        Assert.Equal(0, await grain.CountAfterClearing().Within());
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task Delete_Reference_IsToldNoMore()
    {
        var grain = NewGrain();
        var deleted = new NewsObserver();
        var kept = new NewsObserver();
        var reference = Refer(deleted);
        await grain.Subscribe(reference).Within();
        await grain.Subscribe(Refer(kept)).Within();

        fixture.Grains.DeleteObjectReference<INewsObserver>(reference);
        await grain.Tell(3).Within();

        Assert.Equal(3, await Next(kept));
        Assert.Empty(deleted.All);
    }

    [Fact]
    public async Task Notify_ObserverCollected_IsDropped()
    {
        var grain = NewGrain();
        var kept = new NewsObserver();
        var collected = await SubscribeOneThatNobodyHolds(grain);
        await grain.Subscribe(Refer(kept)).Within();
        await Bounded.Until(() =>
        {
            GC.Collect();
            return Task.FromResult(!collected.TryGetTarget(out _));
        });

        await grain.Tell(4).Within();

        Assert.Equal(4, await Next(kept));
    }

    [Fact]
    public void Create_OfAReference_Throws()
    {
        var observer = new NewsObserver();
        var reference = Refer(observer);

        Assert.Throws<ArgumentException>(() => fixture.Grains.CreateObjectReference<INewsObserver>(reference));
    }

    [Fact]
    public void Delete_OfAnObject_Throws() =>
        Assert.Throws<ArgumentException>(() => fixture.Grains.DeleteObjectReference<INewsObserver>(new NewsObserver()));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference<NewsObserver>> SubscribeOneThatNobodyHolds(INewsGrain grain)
    {
        var observer = new NewsObserver();
        await grain.Subscribe(Refer(observer)).Within();
        return new(observer);
    }

    private static async Task<int> Next(NewsObserver observer)
    {
        using var limit = new CancellationTokenSource(Bounded.Limit);
        return await observer.NextAsync(limit.Token);
    }
}
