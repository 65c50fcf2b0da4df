using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Scheduling;

public sealed class HeaderEditsTests
{
    private readonly HeaderEdits _edits = new();

    [Fact]
    public void Set_Twice_TheLastWordCounts()
    {
        _edits.Set("a"u8, "one"u8);
        _edits.Set("b"u8, "other"u8);
        _edits.Set("a"u8, "two"u8);

        Assert.Equal(new Dictionary<string, string?> { ["a"] = "two", ["b"] = "other" }, Decided.Read(_edits));
    }

    [Fact]
    public void Remove_ThenSet_IsSet()
    {
        _edits.Remove("a"u8);
        Assert.True(_edits[0].IsRemoval);

        _edits.Set("a"u8, "one"u8);

        Assert.Equal("one", Decided.Read(_edits)["a"]);
        Assert.Equal(1, _edits.Count);
    }

    [Fact]
    public void Append_SeveralItems_AreAListWithCommas()
    {
        _edits.Remove("list"u8);
        _edits.Append("list"u8, "1"u8);
        _edits.Set("between"u8, "x"u8);
        _edits.Append("list"u8, "22"u8);
        _edits.Append("list"u8, "333"u8);

        Assert.Equal("1,22,333", Decided.Read(_edits)["list"]);
        Assert.Equal("x", Decided.Read(_edits)["between"]);
    }

    [Fact]
    public void Set_MoreThanTheBuffersHold_KeepsAll()
    {
        var value = new byte[300];
        value.AsSpan().Fill((byte)'v');
        for (var i = 0; i < 20; i++)
        {
            _edits.Set([(byte)('a' + i)], value);
        }

        Assert.Equal(20, _edits.Count);
        Assert.All(Decided.Read(_edits).Values, text => Assert.Equal(new string('v', 300), text));
        Assert.True(_edits.Size >= 20 * 301);
    }

    [Fact]
    public void Contains_OtherCase_IsTheSameHeader()
    {
        _edits.Remove("x-one"u8);

        Assert.True(_edits.Contains("X-One"u8));
        Assert.False(_edits.Contains("x-two"u8));
    }

    [Fact]
    public void Clear_ThenTheSameAgain_AllocatesNothing()
    {
        var bytes = AllocatedBytes.OfSteadyState(() =>
        {
            _edits.Clear();
            _edits.Remove("x-prefiller-host-port"u8);
            _edits.Set("x-prefiller-host-port"u8, "10.0.0.1:8000"u8);
            _edits.Append("x-encoder-hosts-ports"u8, "10.0.0.2:8000"u8);
            _edits.Append("x-encoder-hosts-ports"u8, "10.0.0.3:8000"u8);
        });

        Assert.Equal(0, bytes);
    }
}
