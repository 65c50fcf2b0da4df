using Orleans.Inference.OrleansContracts.Support;

namespace Orleans.Inference.OrleansContracts.Values;

public sealed class ExceptionTests(OneSiloFixture fixture) : IClassFixture<OneSiloFixture>
{
    private IValueGrain NewGrain() => fixture.Grains.GetGrain<IValueGrain>(Key.New());

    [Fact]
    public async Task Throw_OfThePlatform_CrossesWithTypeAndMessage()
    {
        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => NewGrain().Throw("told so").Within());

        Assert.Contains("told so", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throw_BeforeTheFirstAwait_Crosses()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => NewGrain().Throw("synchronous").Within());

        Assert.Equal("from the method itself", thrown.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Throw_OwnTypeWithSerializer_CrossesWithItsMembersAndInner(bool throughAnotherGrain)
    {
        var grain = NewGrain();

        var thrown = await Assert.ThrowsAsync<DetailedException>(
            () => (throughAnotherGrain ? grain.ThrowFromNext(Key.New(), "detailed") : grain.Throw("detailed")).Within());

        Assert.Equal("outer", thrown.Message);
        Assert.Equal(7, thrown.Code);
        Assert.Equal("inner", Assert.IsType<ArgumentException>(thrown.InnerException).Message);
    }

    [Fact]
    public async Task Throw_FromValueTask_Crosses() =>
        await Assert.ThrowsAsync<FormatException>(() => NewGrain().ThrowFromValueTask().AsTask().Within());

    [Fact]
    public async Task Throw_OperationCanceled_CrossesAsSuch() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NewGrain().Throw("cancelled").Within());

    [Fact]
    public async Task Throw_ThenNextCall_GrainStillAnswers()
    {
        var grain = NewGrain();
        await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Throw("synchronous").Within());

        Assert.Equal("x", await grain.Echo("x").Within());
    }
}
