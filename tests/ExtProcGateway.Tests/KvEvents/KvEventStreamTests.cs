using Orleans.Inference.ExtProcGateway.KvEvents;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.ExtProcGateway.Tests.KvEvents;

public sealed class KvEventStreamTests
{
    private readonly EventIndex _index = new();
    private readonly KvEventStream _stream;

    public KvEventStreamTests() => _stream = new(_index.Index, _index.Index.Join(0)!);

    /// <summary>Prompts of one block each: the batch of that number stores one.</summary>
    private static KvMessage Message(ulong number, string topic = "kv@pod@model", byte[]? batch = null) => new(
        System.Text.Encoding.UTF8.GetBytes(topic), number, batch ?? KvBatch.Of(KvBatch.Stored([1000 + number], null, Enumerable.Repeat((int)number, 4), 4)));

    private List<int> Known(int upTo = 12) => [.. Enumerable.Range(0, upTo).Where(number => _index.Find(Enumerable.Repeat(number, 4)).Count > 0)];

    private KvEventStream.Taken Take(ulong number, bool isComplete = false) => _stream.TakeLive(Message(number), isComplete);

    [Fact]
    public void TakeLive_InOrder_KeepsAll()
    {
        Assert.True(_stream.IsNew);
        Assert.All(new ulong[] { 0, 1, 2 }, number => Assert.Equal(KvEventStream.Taken.Applied, Take(number)));
        Assert.Equal([0, 1, 2], Known());
        Assert.False(_stream.IsNew);
        Assert.Equal(3u, _stream.Wanted);
    }

    [Fact]
    public void TakeLive_Gap_IsToldAndThenForgotten()
    {
        Take(0);
        Assert.Equal(KvEventStream.Taken.Missing, Take(2));
        Assert.Equal([0], Known());
        Assert.Equal(1u, _stream.Wanted);

        Assert.Equal(KvEventStream.Taken.Applied, Take(2, isComplete: true));
        Assert.Equal([2], Known());
        Assert.Equal(KvEventStream.Taken.Applied, Take(3));
        Assert.Equal([2, 3], Known());
    }

    [Fact]
    public void TakeLive_JoinInTheMidst_IsTold()
    {
        Assert.Equal(KvEventStream.Taken.Missing, Take(7));
        Assert.Equal(KvEventStream.Taken.Applied, Take(7, isComplete: true));
        Assert.Equal([7], Known());
    }

    [Fact]
    public void TakeAgain_FillsTheGap_NothingIsForgotten()
    {
        Take(0);
        Assert.Equal(KvEventStream.Taken.Missing, Take(3));
        Assert.All(new ulong[] { 1, 2, 3, 4 }, number => Assert.True(_stream.TakeAgain(Message(number))));

        // 3 and 4 were told again before they came.
        Assert.Equal(KvEventStream.Taken.Applied, Take(3, isComplete: true));
        Assert.Equal(KvEventStream.Taken.Applied, Take(4));
        Assert.Equal(KvEventStream.Taken.Applied, Take(5));
        Assert.Equal([0, 1, 2, 3, 4, 5], Known());
    }

    [Fact]
    public void TakeAgain_BeginsTooLate_WhatWasBeforeIsForgotten()
    {
        Take(0);
        Take(3);
        Assert.True(_stream.TakeAgain(Message(2)));
        Assert.True(_stream.TakeAgain(Message(3)));
        Assert.Equal(KvEventStream.Taken.Applied, Take(3, isComplete: true));

        Assert.Equal([2, 3], Known());
    }

    [Fact]
    public void TakeAgain_WithoutTopic_NeedsTheModelOfAnother()
    {
        Assert.False(_stream.TakeAgain(Message(0, topic: "")));
        Assert.Empty(Known());

        Take(1, isComplete: true);
        Assert.True(_stream.TakeAgain(Message(2, topic: "")));
        Assert.Equal([1, 2], Known());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void TakeLive_NumberGoesBack_ServerIsNew(int again)
    {
        Assert.All(new ulong[] { 0, 1, 2 }, number => Assert.Equal(KvEventStream.Taken.Applied, Take(number)));
        var taken = Take((ulong)again);

        Assert.Equal(again == 0 ? KvEventStream.Taken.Applied : KvEventStream.Taken.Missing, taken);
        Assert.Equal(again == 0 ? [0] : [], Known());
        Assert.Equal(again == 0 ? 1u : 0u, _stream.Wanted);
    }

    [Fact]
    public void TakeLive_Unreadable_ForgetsAll()
    {
        Take(0);
        Assert.Equal(KvEventStream.Taken.Unreadable, _stream.TakeLive(Message(1, batch: [0xc1]), isComplete: false));
        Assert.Empty(Known());
        Assert.True(_stream.IsNew);
    }

    [Theory]
    [InlineData("kv@10.0.0.1:8000@model", "model")]
    [InlineData("kv@pod@org/model@1", "org/model@1")]
    [InlineData("kv@pod", "")]
    [InlineData("", "")]
    public void ModelOf_Topic_IsWhatComesBehindThePod(string topic, string model) =>
        Assert.Equal(model, System.Text.Encoding.UTF8.GetString(KvMessage.ModelOf(System.Text.Encoding.UTF8.GetBytes(topic))));

    [Fact]
    public void TakeLive_Topic_TellsTheModelOfRequestsThatNameNone()
    {
        Take(0);
        Assert.Equal("model", _index.Index.Model);
        Assert.True(_stream.HasModel);
    }
}
