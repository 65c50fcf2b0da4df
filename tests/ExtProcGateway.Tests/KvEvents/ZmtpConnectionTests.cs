using Orleans.Inference.ExtProcGateway.KvEvents;
using Orleans.Inference.TestKit.KvEvents;

namespace Orleans.Inference.ExtProcGateway.Tests.KvEvents;

public sealed class ZmtpConnectionTests
{
    private const int Limit = 100_000;

    private static readonly byte[] Ready = Command("READY", [11, .. "Socket-Type"u8, 0, 0, 0, 3, .. "PUB"u8, 8, .. "Identity"u8, 0, 0, 0, 0]);

    private static byte[] Greeting(byte major = 3, byte minor = 1, string mechanism = "NULL")
    {
        var greeting = new byte[64];
        (greeting[0], greeting[9], greeting[10], greeting[11]) = (0xff, 0x7f, major, minor);
        System.Text.Encoding.ASCII.GetBytes(mechanism).CopyTo(greeting, 12);
        return greeting;
    }

    private static byte[] Command(string name, ReadOnlySpan<byte> content) => ZmtpPeer.Frame(4, [(byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name), .. content]);

    private static byte[] Message(params byte[][] frames) => [.. frames.SelectMany((frame, i) => ZmtpPeer.Frame(i < frames.Length - 1 ? (byte)1 : (byte)0, frame))];

    private static byte[][] Frames(ZmtpConnection connection) => [.. Enumerable.Range(0, connection.FrameCount).Select(i => connection.Frame(i).ToArray())];

    private static async Task<byte[][]> ReceiveAsync(ZmtpConnection connection)
    {
        await connection.ReceiveAsync(default);
        return Frames(connection);
    }

    private static Task OpenAsync(ZmtpConnection connection) => connection.OpenAsync(["PUB", "XPUB"], default);

    [Fact]
    public async Task Receive_InPiecesOfEverySize_GivesTheMessages()
    {
        byte[][] first = ["kv@pod@model"u8.ToArray(), new byte[8], [.. Enumerable.Range(0, 70_000).Select(i => (byte)i)]];
        byte[][] second = [[], [1]];
        byte[] stream = [.. Greeting(), .. Ready, .. Message(first), .. Command("PING", [0, 5, 9, 8]), .. Message(second), .. Message(first)];
        foreach (var size in new[] { 1, 2, 3, 7, 63, 64, 65, 4095, 4096, 4097, int.MaxValue })
        {
            var chopped = new ChoppedStream(stream, () => size);
            using var connection = new ZmtpConnection(chopped, "SUB", Limit);
            await OpenAsync(connection);
            await connection.SubscribeAsync("kv@", default);

            Assert.Equal(first, await ReceiveAsync(connection));
            Assert.Equal(second, await ReceiveAsync(connection));
            Assert.Equal(first, await ReceiveAsync(connection));
            await Assert.ThrowsAsync<EndOfStreamException>(() => connection.ReceiveAsync(default));
            byte[] sent =
            [
                .. Greeting(),
                .. Command("READY", [11, .. "Socket-Type"u8, 0, 0, 0, 3, .. "SUB"u8]),
                .. Command("SUBSCRIBE", "kv@"u8),
                .. Command("PONG", [9, 8]),
            ];
            Assert.Equal(sent, chopped.Written.ToArray());
        }
    }

    /// <summary>Cut into two at every byte, where that may matter: greeting, READY and the heads of frames.</summary>
    [Fact]
    public async Task Receive_CutAtEveryByte_GivesTheMessage()
    {
        byte[][] message = ["t"u8.ToArray(), new byte[300], [5]];
        byte[] stream = [.. Greeting(), .. Ready, .. Message(message)];
        for (var cut = 1; cut < stream.Length; cut++)
        {
            var left = cut;
            using var connection = new ZmtpConnection(new ChoppedStream(stream, () => left > 0 ? (left, left = 0).Item1 : int.MaxValue), "SUB", Limit);
            await OpenAsync(connection);

            Assert.Equal(message, await ReceiveAsync(connection));
        }
    }

    [Fact]
    public async Task Subscribe_ToVersion30_IsAMessage()
    {
        var stream = new ChoppedStream([.. Greeting(minor: 0), .. Ready], () => 100);
        using var connection = new ZmtpConnection(stream, "SUB", Limit);
        await OpenAsync(connection);
        var before = stream.Written.Length;
        await connection.SubscribeAsync("kv@", default);

        Assert.Equal([0, 4, 1, .. "kv@"u8], stream.Written.ToArray()[(int)before..]);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "does not speak ZMTP")]
    public async Task Open_SomethingElse_Fails(string answer, string reason)
    {
        using var connection = new ZmtpConnection(new ChoppedStream(System.Text.Encoding.ASCII.GetBytes(answer), () => 100), "SUB", Limit);

        Assert.Contains(reason, (await Assert.ThrowsAsync<ZmtpException>(() => OpenAsync(connection))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string> Unwanted => new()
    {
        { [.. Greeting(major: 2)], "too old" },
        { [.. Greeting(mechanism: "CURVE")], "security mechanism" },
        { [.. Greeting(), .. Command("ERROR", [4, .. "nope"u8])], "nope" },
        { [.. Greeting(), .. Message("READY"u8.ToArray())], "before READY" },
        { [.. Greeting(), .. Command("READY", [11, .. "Socket-Type"u8, 0, 0, 0, 3, .. "REP"u8])], "not 'REP'" },
        { [.. Greeting(), .. Command("READY", [])], "not ''" },
        { [.. Greeting(), .. Command("READY", [11, .. "Socket-Type"u8, 0xff, 0xff, 0xff, 0xff, .. "PUB"u8])], "not ''" },
        { [.. Greeting(), .. Command("READY", [200, 1])], "not ''" },
        { [.. Greeting(), 8, 0], "begins with the byte 08" },
    };

    [Theory]
    [MemberData(nameof(Unwanted))]
    public async Task Open_Unwanted_FailsWithTheReason(byte[] answer, string reason)
    {
        using var connection = new ZmtpConnection(new ChoppedStream(answer, () => 100), "SUB", Limit);

        Assert.Contains(reason, (await Assert.ThrowsAsync<ZmtpException>(() => OpenAsync(connection))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string> Malformed => new()
    {
        { [2, 0, 0, 0, 0, 0, 1, 0x86, 0xa1], "100001 bytes is announced" },
        { [2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "is announced" },
        { [5, 0], "begins with the byte 05" },
        { [0xff], "begins with the byte ff" },
        { [.. ZmtpPeer.Frame(1, [1]), .. Command("PING", [0, 0])], "within a message" },
        { [.. Enumerable.Range(0, 9).SelectMany(_ => ZmtpPeer.Frame(1, [1]))], "more than 8 frames" },
        { [.. ZmtpPeer.Frame(1, new byte[60_000]), .. ZmtpPeer.Frame(0, new byte[60_000])], "is announced" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Receive_Malformed_FailsWithTheReason(byte[] bytes, string reason)
    {
        using var connection = new ZmtpConnection(new ChoppedStream([.. Greeting(), .. Ready, .. bytes], () => 100), "SUB", Limit);
        await OpenAsync(connection);

        Assert.Contains(reason, (await Assert.ThrowsAsync<ZmtpException>(() => connection.ReceiveAsync(default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_Garbage_FailsOrEnds()
    {
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var garbage = new byte[random.Next(400)];
            random.NextBytes(garbage);

            // Half of them begin like a frame.
            if (round % 2 == 0 && garbage.Length > 2)
            {
                garbage[0] = (byte)(random.Next(8) & 5);
            }

            using var connection = new ZmtpConnection(new ChoppedStream([.. Greeting(), .. Ready, .. garbage], () => random.Next(1, 50)), "SUB", Limit);
            await OpenAsync(connection);
            await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                while (true)
                {
                    await connection.ReceiveAsync(default);
                }
            });
        }
    }
}
