using Orleans.Inference.Picking.Sessions;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Sessions;

public sealed class SessionBindingsTests
{
    private const string Pool = "ns/pool";

    private readonly ManualTimeProvider _time = new();

    private SessionBindings Bindings(int limit = SessionBindings.Limit) => new(_time, TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(10), limit);

    [Fact]
    public void Find_UnusedLongerThanItsLifetime_IsForgotten()
    {
        var bindings = Bindings();
        bindings.Use(Pool, "s", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal("a", bindings.Find(Pool, "s"));

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(bindings.Find(Pool, "s"));
    }

    [Fact]
    public void Use_InAnotherPool_IsAnotherBinding()
    {
        var bindings = Bindings();
        bindings.Use("ns/chat", "s", "chat-0", mayMove: false);
        bindings.Use("ns/code", "s", "code-0", mayMove: true);

        Assert.Equal(("chat-0", "code-0"), (bindings.Find("ns/chat", "s"), bindings.Find("ns/code", "s")));
    }

    [Fact]
    public void Use_Again_LivesOn()
    {
        var bindings = Bindings();
        bindings.Use(Pool, "s", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(200));
        bindings.Use(Pool, "s", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(200));

        Assert.Equal("a", bindings.Find(Pool, "s"));
    }

    [Fact]
    public void Sweep_EveryTenSeconds_ClearsAwayWhatIsForgotten()
    {
        var bindings = Bindings();
        bindings.Use(Pool, "old", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(200));
        bindings.Use(Pool, "young", "a", mayMove: false);
        Assert.Equal(2, bindings.Count);

        _time.Advance(TimeSpan.FromSeconds(110));

        Assert.Equal(1, bindings.Count);
        Assert.Equal("a", bindings.Find(Pool, "young"));
    }

    [Fact]
    public void Use_AnotherServer_MovesOnlyWhereItMay()
    {
        var bindings = Bindings();
        bindings.Use(Pool, "s", "a", mayMove: false);

        bindings.Use(Pool, "s", "b", mayMove: false);
        Assert.Equal("a", bindings.Find(Pool, "s"));

        bindings.Use(Pool, "s", "b", mayMove: true);
        Assert.Equal("b", bindings.Find(Pool, "s"));
    }

    [Fact]
    public void Use_ForgottenAndNotClearedAway_IsBoundAnew()
    {
        var bindings = new SessionBindings(_time, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        bindings.Use(Pool, "s", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(2));

        bindings.Use(Pool, "s", "b", mayMove: false);

        Assert.Equal("b", bindings.Find(Pool, "s"));
        Assert.Equal(1, bindings.Count);
    }

    [Fact]
    public void Use_BeyondTheLimit_IsNotRemembered()
    {
        var bindings = Bindings(limit: 2);
        bindings.Use(Pool, "1", "a", mayMove: false);
        bindings.Use(Pool, "2", "a", mayMove: false);
        bindings.Use(Pool, "3", "a", mayMove: false);

        Assert.Null(bindings.Find(Pool, "3"));
        Assert.Equal(2, bindings.Count);
    }

    [Fact]
    public void TakeOver_SharesTheSessions()
    {
        var (before, after) = (Bindings(), Bindings());
        before.Use(Pool, "s", "a", mayMove: false);

        after.TakeOver(before);
        before.Use(Pool, "late", "b", mayMove: false);

        Assert.Equal("a", after.Find(Pool, "s"));
        Assert.Equal("b", after.Find(Pool, "late"));
        Assert.Equal(2, after.Count);
    }

    [Fact]
    public void TakeOver_ByALongerLifetime_KeepsWhatThePredecessorWouldClearAway()
    {
        var before = Bindings();
        before.Use(Pool, "s", "a", mayMove: false);
        var after = new SessionBindings(_time, TimeSpan.FromSeconds(3600), TimeSpan.FromSeconds(10));
        after.TakeOver(before);

        _time.Advance(TimeSpan.FromSeconds(3600));
        Assert.Equal("a", after.Find(Pool, "s"));

        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, after.Count);
        GC.KeepAlive(before);
    }
}
