using Orleans.Inference.Picking.Sessions;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Sessions;

public sealed class SessionBindingsTests
{
    private readonly ManualTimeProvider _time = new();

    private SessionBindings Bindings(int limit = SessionBindings.Limit) => new(_time, TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(10), limit);

    [Fact]
    public void Find_UnusedLongerThanItsLifetime_IsForgotten()
    {
        var bindings = Bindings();
        bindings.Use("s", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal("a", bindings.Find("s"));

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(bindings.Find("s"));
    }

    [Fact]
    public void Use_Again_LivesOn()
    {
        var bindings = Bindings();
        bindings.Use("s", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(200));
        bindings.Use("s", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(200));

        Assert.Equal("a", bindings.Find("s"));
    }

    [Fact]
    public void Sweep_EveryTenSeconds_ClearsAwayWhatIsForgotten()
    {
        var bindings = Bindings();
        bindings.Use("old", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(200));
        bindings.Use("young", "a", mayMove: false);
        Assert.Equal(2, bindings.Count);

        _time.Advance(TimeSpan.FromSeconds(110));

        Assert.Equal(1, bindings.Count);
        Assert.Equal("a", bindings.Find("young"));
    }

    [Fact]
    public void Use_AnotherServer_MovesOnlyWhereItMay()
    {
        var bindings = Bindings();
        bindings.Use("s", "a", mayMove: false);

        bindings.Use("s", "b", mayMove: false);
        Assert.Equal("a", bindings.Find("s"));

        bindings.Use("s", "b", mayMove: true);
        Assert.Equal("b", bindings.Find("s"));
    }

    [Fact]
    public void Use_ForgottenAndNotClearedAway_IsBoundAnew()
    {
        var bindings = new SessionBindings(_time, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        bindings.Use("s", "a", mayMove: false);
        _time.Advance(TimeSpan.FromSeconds(2));

        bindings.Use("s", "b", mayMove: false);

        Assert.Equal("b", bindings.Find("s"));
        Assert.Equal(1, bindings.Count);
    }

    [Fact]
    public void Use_BeyondTheLimit_IsNotRemembered()
    {
        var bindings = Bindings(limit: 2);
        bindings.Use("1", "a", mayMove: false);
        bindings.Use("2", "a", mayMove: false);
        bindings.Use("3", "a", mayMove: false);

        Assert.Null(bindings.Find("3"));
        Assert.Equal(2, bindings.Count);
    }

    [Fact]
    public void TakeOver_SharesTheSessions()
    {
        var (before, after) = (Bindings(), Bindings());
        before.Use("s", "a", mayMove: false);

        after.TakeOver(before);
        before.Use("late", "b", mayMove: false);

        Assert.Equal("a", after.Find("s"));
        Assert.Equal("b", after.Find("late"));
        Assert.Equal(2, after.Count);
    }

    [Fact]
    public void TakeOver_ByALongerLifetime_KeepsWhatThePredecessorWouldClearAway()
    {
        var before = Bindings();
        before.Use("s", "a", mayMove: false);
        var after = new SessionBindings(_time, TimeSpan.FromSeconds(3600), TimeSpan.FromSeconds(10));
        after.TakeOver(before);

        _time.Advance(TimeSpan.FromSeconds(3600));
        Assert.Equal("a", after.Find("s"));

        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, after.Count);
        GC.KeepAlive(before);
    }
}
