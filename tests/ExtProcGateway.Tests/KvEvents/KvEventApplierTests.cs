using Orleans.Inference.ExtProcGateway.KvEvents;
using Orleans.Inference.ExtProcGateway.Tests.Requests;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.ExtProcGateway.Tests.KvEvents;

public sealed class KvEventApplierTests
{
    private readonly EventIndex _index = new();

    private static IEnumerable<int> Tokens(int from, int count) => Enumerable.Range(from, count).Select(i => i * 37 % 150_000);

    private static IEnumerable<object> Names(params int[] names) => names.Cast<object>();

    private static bool Apply(KvEventApplier server, params object?[] events) => server.Apply("model"u8, KvBatch.Of(events));

    private KvEventApplier ServerWithThreeBlocks(int number = 3)
    {
        var server = _index.Server(number);
        Assert.True(Apply(server, KvBatch.Stored(Names(101, 102, 103), null, Tokens(0, 48), 16)));
        return server;
    }

    [Fact]
    public void Apply_Stored_RequestsFindTheLongestPrefixInWholeBlocks()
    {
        ServerWithThreeBlocks();

        Assert.Equal(16, _index.Index.BlockTokens);
        Assert.Equal(new() { [3] = 3 }, _index.Find(Tokens(0, 48)));
        Assert.Equal(new() { [3] = 3 }, _index.Find(Tokens(0, 1000)));
        Assert.Equal(new() { [3] = 2 }, _index.Find(Tokens(0, 47)));
        Assert.Equal(new() { [3] = 1 }, _index.Find(Tokens(0, 31).Append(9)));
        Assert.Empty(_index.Find(Tokens(0, 15)));
        Assert.Empty(_index.Find(Tokens(1, 48)));
        Assert.Empty(_index.Find(Tokens(0, 48), model: "other"));
    }

    [Fact]
    public void Apply_StoredBehindAParent_GoesOnWithItsChain()
    {
        var server = ServerWithThreeBlocks();
        Apply(server, KvBatch.Stored(Names(104), 103, Tokens(48, 16), 16));
        Apply(server, KvBatch.Stored(Names(999), 555, Tokens(64, 16), 16));

        Assert.Equal(new() { [3] = 4 }, _index.Find(Tokens(0, 1000)));
    }

    /// <summary>Hashes are numbers of either sign, or bytes; the same tokens of another server have names of their own.</summary>
    [Fact]
    public void Apply_NamesOfAnyKind_AreToldApart()
    {
        var bytes = Enumerable.Range(0, 3).Select(i => (object)Enumerable.Range(0, 32).Select(j => (byte)(i + (j * 3))).ToArray()).ToArray();
        var (one, other) = (_index.Server(0), _index.Server(1));
        Apply(one, KvBatch.Stored(bytes[..2], null, Tokens(0, 32), 16), KvBatch.Stored(bytes[2..], bytes[1], Tokens(32, 16), 16));
        Apply(other, KvBatch.Stored([ulong.MaxValue, -5L], null, Tokens(0, 32), 16));
        Assert.Equal(new() { [0] = 3, [1] = 2 }, _index.Find(Tokens(0, 48)));

        Apply(one, KvBatch.Removed([bytes[2]]));
        Apply(other, KvBatch.Removed([-5L]));
        Assert.Equal(new() { [0] = 2, [1] = 1 }, _index.Find(Tokens(0, 48)));
    }

    [Fact]
    public void Apply_Removed_EndsThePrefixThere()
    {
        var server = ServerWithThreeBlocks();
        Apply(server, KvBatch.Removed(Names(102)));
        Assert.Equal(new() { [3] = 1 }, _index.Find(Tokens(0, 48)));

        // What is behind the gap counts again when it is closed.
        Apply(server, KvBatch.Stored(Names(102), 101, Tokens(16, 16), 16, null, "GPU"));
        Assert.Equal(new() { [3] = 3 }, _index.Find(Tokens(0, 48)));

        Apply(server, KvBatch.Removed(Names(101, 7), "GPU"));
        Assert.Empty(_index.Find(Tokens(0, 48)));
    }

    [Fact]
    public void Apply_StoredTwice_IsHeldUntilBothAreRemoved()
    {
        var server = ServerWithThreeBlocks();
        Apply(server, KvBatch.Stored(Names(101, 102, 103), null, Tokens(0, 48), 16));
        Apply(server, KvBatch.Stored(Names(101), null, [], 16, null, "CPU"));

        Apply(server, KvBatch.Removed(Names(101, 102, 103), "GPU"));
        Assert.Equal(new() { [3] = 3 }, _index.Find(Tokens(0, 48)));
        Apply(server, KvBatch.Removed(Names(101, 103), "GPU"));
        Assert.Equal(new() { [3] = 2 }, _index.Find(Tokens(0, 48)));
        Apply(server, KvBatch.Removed(Names(101), "CPU"));
        Assert.Empty(_index.Find(Tokens(0, 48)));
    }

    [Fact]
    public void Apply_Cleared_ForgetsThisServerOnly()
    {
        var server = ServerWithThreeBlocks(3);
        ServerWithThreeBlocks(4);
        Apply(server, KvBatch.Cleared());
        Assert.Equal(new() { [4] = 3 }, _index.Find(Tokens(0, 48)));

        Apply(server, KvBatch.Stored(Names(1), null, Tokens(0, 16), 16));
        Assert.Equal(new() { [3] = 1, [4] = 3 }, _index.Find(Tokens(0, 48)));
    }

    [Fact]
    public void Apply_Maps_TellTheSame()
    {
        var server = _index.Server(0);
        var stored = KvBatch.StoredMap(Names(1, 2), null, Tokens(0, 32), 16);
        Assert.True(server.Apply("model"u8, KvBatch.MapOf(stored, KvBatch.RemovedMap(Names(2)), KvBatch.StoredMap(Names(3), 1, Tokens(16, 16), 16))));
        Assert.Equal(new() { [0] = 2 }, _index.Find(Tokens(0, 48)));

        Assert.True(server.Apply("model"u8, KvBatch.Of(new Dictionary<string, object?> { ["type"] = "AllBlocksCleared" })));
        Assert.Empty(_index.Find(Tokens(0, 48)));
    }

    [Fact]
    public void Apply_Lora_IsFoundByTheAdaptersName()
    {
        var server = _index.Server(0);
        Apply(server, KvBatch.Stored(Names(1), null, Tokens(0, 16), 16, 5, "GPU", "adapter", new[] { new[] { "adapter" } }));
        Apply(server, KvBatch.Stored(Names(2), null, Tokens(100, 16), 16, 5)); // whose adapter is not told

        Assert.Equal(new() { [0] = 1 }, _index.Find(Tokens(0, 16), model: "adapter"));
        Assert.Empty(_index.Find(Tokens(0, 16)));
        Assert.Empty(_index.Find(Tokens(100, 16)));
        Assert.Empty(_index.Find(Tokens(100, 16), model: "adapter"));
    }

    [Fact]
    public void Apply_CacheSalt_IsFoundByItsOwnersOnly()
    {
        var server = _index.Server(0);
        Apply(server, KvBatch.Stored(Names(1, 2), null, Tokens(0, 32), 16, null, "GPU", null, new object?[] { new[] { "s1" }, null }));

        Assert.Equal(new() { [0] = 2 }, _index.Find(Tokens(0, 32), more: ""","cache_salt":"s1" """));
        Assert.Empty(_index.Find(Tokens(0, 32)));
        Assert.Empty(_index.Find(Tokens(0, 32), more: ""","cache_salt":"s2" """));
    }

    [Fact]
    public void Apply_Pictures_AreNotTakenForTheirPlaceholders()
    {
        var server = _index.Server(0);
        var keys = new object?[] { null, new object[] { new object[] { "hash of a picture", 3 } }, new object[] { "hash of a picture" } };
        Apply(server, KvBatch.Stored(Names(1, 2, 3), null, Tokens(0, 48), 16, null, "GPU", null, keys));

        Assert.Equal(new() { [0] = 1 }, _index.Find(Tokens(0, 48)));
        Assert.Equal(3, _index.Index.Index.BlocksOf(0));
    }

    /// <summary>Blocks of sliding windows and states say nothing of the prefix; neither do their ends.</summary>
    [Fact]
    public void Apply_GroupsOfLayers_CountWhereTheyHoldAPrefix()
    {
        var server = _index.Server(0);
        Apply(
            server,
            KvBatch.Stored(Names(1, 2), null, Tokens(0, 32), 16, null, "GPU", null, null, 0, "full_attention"),
            KvBatch.Stored(Names(1, 2), null, Tokens(0, 32), 16, null, "GPU", null, null, 1, "sliding_window"),
            KvBatch.Stored(Names(3), 2, Tokens(32, 16), 16, null, "GPU", null, null, 1),
            KvBatch.Stored(Names(3), 2, Tokens(32, 16), 16, null, "GPU", null, null, 2),
            KvBatch.Stored(Names(3), 2, Tokens(32, 16), 16, null, "GPU", null, null, 64, "full_attention"));
        Assert.Equal(new() { [0] = 2 }, _index.Find(Tokens(0, 48)));

        Apply(server, KvBatch.Removed(Names(2), "GPU", 1), KvBatch.Stored(Names(3), 2, Tokens(32, 16), 16, null, "GPU", null, null, 0));
        Assert.Equal(new() { [0] = 3 }, _index.Find(Tokens(0, 48)));

        Apply(server, KvBatch.Removed(Names(2), "GPU", 0));
        Assert.Equal(new() { [0] = 1 }, _index.Find(Tokens(0, 48)));
    }

    [Fact]
    public void Apply_EventsThatMakeNoSense_AreLeftOut()
    {
        var server = _index.Server(0);
        Assert.True(Apply(
            server,
            KvBatch.Stored(Names(1), null, Tokens(0, 15), 16),
            KvBatch.Stored(Names(1), null, Tokens(0, 16), 0),
            KvBatch.Stored(Names(1, 2), null, Tokens(0, 16), 16),
            KvBatch.Stored(["name"], null, Tokens(0, 16), 16),
            new object?[] { "BlockStored", 5 },
            new object?[] { "BlockStored", Names(1), null, new object[] { new[] { 1, 2 } }, 1 },
            new object?[] { "SomethingNew", 1, 2, 3 },
            Array.Empty<object?>(),
            5,
            KvBatch.Stored(Names(7), null, Tokens(0, 16), 16)));

        Assert.Equal(new() { [0] = 1 }, _index.Find(Tokens(0, 48)));
        Assert.Equal(1, _index.Index.Index.BlocksOf(0));
    }

    [Fact]
    public void Apply_CutAnywhere_IsUnreadableOrLess()
    {
        var batch = KvBatch.Of(KvBatch.Stored(Names(1, 2, 3), null, Tokens(0, 48), 16, null, "GPU", null, new object?[] { null, null, null }), KvBatch.Removed(Names(3)));
        for (var length = 0; length < batch.Length; length++)
        {
            Assert.Equal(length == batch.Length - 1, _index.Server(0).Apply("model"u8, batch.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Apply_GarbledBatches_DoNoHarm()
    {
        var random = new Random(3);
        var good = KvBatch.Of(
            KvBatch.Stored(Names(1, 2, 3), null, Tokens(0, 48), 16, 1, "GPU", "adapter", new object?[] { new object[] { "a", "b" }, null, null }, 0, "full_attention"), KvBatch.Removed(Names(3)), KvBatch.Cleared());
        var server = _index.Server(0);
        for (var round = 0; round < 50_000; round++)
        {
            var batch = good.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                batch[random.Next(batch.Length)] = (byte)random.Next(256);
            }

            server.Apply("model"u8, batch.AsSpan(0, random.Next(batch.Length + 1)));
        }

        server.Clear();
        Assert.Equal(0, _index.Index.Index.Pairs);
        Assert.True(Apply(server, KvBatch.Stored(Names(1), null, Tokens(0, 16), 16)));
        Assert.Equal(new() { [0] = 1 }, _index.Find(Tokens(0, 48)));
    }

    [Fact]
    public void Apply_MoreThanThereIsRoomFor_KeepsTheFirst()
    {
        var server = new KvEventApplier(_index.Index, _index.Index.Join(0, capacity: 2)!);
        Apply(server, KvBatch.Stored(Names(1, 2, 3), null, Tokens(0, 48), 16), KvBatch.Stored(Names(4), 3, Tokens(48, 16), 16));

        Assert.True(server.IsFull);
        Assert.Equal(new() { [0] = 2 }, _index.Find(Tokens(0, 64)));
    }

    [Theory]
    [InlineData("/v1/completions", """{"model":"x","prompt":"some text that is no tokens"}""")]
    [InlineData("/v1/chat/completions", """{"model":"x","messages":[{"role":"user","content":"text"}]}""")]
    public void HashTokens_OfText_FindsNothing(string path, string body)
    {
        ServerWithThreeBlocks();

        Assert.Empty(_index.FindBody(path, body));
    }

    [Theory]
    [InlineData("/inference/v1/generate", "token_ids", "")]
    [InlineData("/generate", "input_ids", "")]
    public void HashTokens_OfOtherApis_FindTheBlocks(string path, string name, string more)
    {
        ServerWithThreeBlocks();

        Assert.Equal(new() { [3] = 2 }, _index.FindBody(path, $$"""{"model":"x","{{name}}":[{{string.Join(',', Tokens(0, 40))}}]{{more}}}"""));
    }

    [Fact]
    public void HashTokens_OfVllmsGrpc_FindTheBlocksOfTokensAndNoneOfText()
    {
        const string Path = "/vllm.grpc.engine.VllmEngine/Generate";
        ServerWithThreeBlocks();
        var tokens = GrpcBodies.Frame(GrpcBodies.Message(GrpcBodies.Bytes(2, GrpcBodies.Message(GrpcBodies.Packed(2, [.. Tokens(0, 50).Select(token => (uint)token)])))));
        var text = GrpcBodies.Frame(GrpcBodies.Message(GrpcBodies.Text(3, new string('a', 600))));

        Assert.Equal(new() { [3] = 3 }, _index.FindBody(Path, tokens));
        Assert.Empty(_index.FindBody(Path, text));
    }
}
