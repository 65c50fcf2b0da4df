using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

public sealed class WithheldAnswersTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly WithheldAnswers _bodies;
    private readonly WithheldAnswers _responses;

    public WithheldAnswersTests()
    {
        _bodies = new WithheldAnswers(TimeSpan.FromSeconds(60), _time);
        _responses = new WithheldAnswers(TimeSpan.FromSeconds(5), _time);
    }

    public void Dispose()
    {
        _bodies.Dispose();
        _responses.Dispose();
    }

    [Fact]
    public void Touch_InAnotherList_LeavesBothListsWhole()
    {
        var (a, b, c) = (new Member(), new Member(), new Member());
        _bodies.Touch(a);
        _bodies.Touch(b);
        _bodies.Touch(c);
        _responses.Touch(b);
        _bodies.Remove(b);

        Assert.Equal((2, 1), (_bodies.Count, _responses.Count));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal((0, 1, 0), (a.Times, b.Times, c.Times));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((1, 1, 1), (a.Times, b.Times, c.Times));
        Assert.Equal((0, 0), (_bodies.Count, _responses.Count));
    }

    [Fact]
    public void Touch_Again_StartsTheBoundAnew()
    {
        var (a, b) = (new Member(), new Member());
        _responses.Touch(a);
        _responses.Touch(b);
        _time.Advance(TimeSpan.FromSeconds(4));
        _responses.Touch(a);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal((0, 1), (a.Times, b.Times));
    }

    [Fact]
    public void Remove_EachInAnyOrder_LeavesNobody()
    {
        var members = Enumerable.Range(0, 5).Select(_ => new Member()).ToArray();
        Array.ForEach(members, _bodies.Touch);
        foreach (var i in new[] { 2, 0, 4, 4, 1, 3 })
        {
            _bodies.Remove(members[i]);
        }

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, _bodies.Count);
        Assert.All(members, member => Assert.Equal(0, member.Times));
        Assert.Equal(0, _time.ActiveTimers);
    }

    private sealed class Member : Withholding
    {
        public int Times { get; private set; }

        protected internal override void OnWithheldTooLong() => Times++;
    }
}
