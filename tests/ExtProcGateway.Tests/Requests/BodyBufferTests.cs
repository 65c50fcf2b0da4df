using System.Buffers;
using System.Text;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

public sealed class BodyBufferTests
{
    [Fact]
    public void Replace_AnyRangeByAnyLength_ChangesNothingElse()
    {
        const string Text = "0123456789";
        for (var cut = 0; cut <= Text.Length; cut++)
        {
            for (var offset = 0; offset <= Text.Length; offset++)
            {
                for (var length = 0; offset + length <= Text.Length; length++)
                {
                    foreach (var replacement in (string[])["", "a", "abcdefghijkl"])
                    {
                        var body = Adopted(Text[..cut], Text[cut..]);
                        body.Replace(offset, length, Encoding.ASCII.GetBytes(replacement));
                        AssertIs(body, Text[..offset] + replacement + Text[(offset + length)..]);
                        body.Release();
                    }
                }
            }
        }
    }

    [Fact]
    public void Replace_ManyTimesAtRandom_EqualsTheSameOnAString()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var body = new BodyBuffer();
            var expected = new StringBuilder();
            for (var step = 0; step < 20; step++)
            {
                var text = new string((char)('a' + step), random.Next(0, 3000));
                if (random.Next(2) == 0)
                {
                    body.Append(Encoding.ASCII.GetBytes(text));
                    expected.Append(text);
                }
                else
                {
                    var offset = random.Next(expected.Length + 1);
                    var length = random.Next(Math.Min(2000, expected.Length - offset) + 1);
                    body.Replace(offset, length, Encoding.ASCII.GetBytes(text));
                    expected.Remove(offset, length).Insert(offset, text);
                }

                AssertIs(body, expected.ToString());
            }

            body.Release();
            AssertIs(body, "");
        }
    }

    [Fact]
    public void Replace_OutsideTheBody_Throws()
    {
        var body = Adopted("abc");

        Assert.Throws<ArgumentOutOfRangeException>(() => body.Replace(2, 2, "x"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => body.Replace(-1, 1, "x"u8));
        AssertIs(body, "abc");
    }

    /// <summary>An array that two pieces share must go back to the pool once: twice would give it to two owners.</summary>
    [Fact]
    public void Release_AfterReplace_GivesEachArrayBackOnce()
    {
        var body = Adopted(new string('x', 5000));
        body.Replace(2000, 1000, "y"u8);
        body.Release();

        var one = ArrayPool<byte>.Shared.Rent(5000);
        var two = ArrayPool<byte>.Shared.Rent(5000);
        Assert.NotSame(one, two);
    }

    /// <summary>What the budget counts is what the pieces' arrays have, whatever is done; a piece that it has no room for changes nothing.</summary>
    [Fact]
    public void Budget_AnyOrderOfChanges_CountsTheArraysAndGivesAllBack()
    {
        var refused = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var held = new HeldBytes(new GatewayOptions { MaxHeldBytes = 64 * 1024 });
            BodyBuffer[] bodies = [new(held), new(held)];
            string[] texts = ["", ""];
            for (var step = 0; step < 40; step++)
            {
                var i = random.Next(2);
                var (body, before) = (bodies[i], held.Count);
                var text = new string((char)('a' + step % 26), random.Next(0, 12_000));
                switch (random.Next(8))
                {
                    case < 4:
                        Keep(body.Append(Encoding.ASCII.GetBytes(text)));
                        break;
                    case < 6:
                        var rented = ArrayPool<byte>.Shared.Rent(text.Length + 1);
                        Encoding.ASCII.GetBytes(text, rented.AsSpan(1));
                        Keep(body.Adopt(rented, 1, text.Length));
                        break;
                    case 6:
                        body.Replace(texts[i].Length / 2, texts[i].Length / 3, "model"u8);
                        texts[i] = texts[i].Remove(texts[i].Length / 2, texts[i].Length / 3).Insert(texts[i].Length / 2, "model");
                        break;
                    default:
                        body.Release();
                        body.Release();
                        texts[i] = "";
                        break;
                }

                Assert.Equal(texts[i], Encoding.ASCII.GetString(body.Content));
                Assert.True(held.Count >= bodies.Sum(each => each.Length));

                void Keep(bool kept)
                {
                    texts[i] += kept ? text : "";
                    if (!kept)
                    {
                        refused++;
                        Assert.Equal(before, held.Count);
                        Assert.True(before + 2 * (text.Length + 1) > 64 * 1024); // an array is twice as large as asked at most
                    }
                }
            }

            Array.ForEach(bodies, body => body.Release());
            Assert.Equal(0, held.Count);
        }

        Assert.True(refused > 200);
    }

    private static BodyBuffer Adopted(params string[] pieces)
    {
        var body = new BodyBuffer();
        foreach (var piece in pieces)
        {
            const int Before = 3;
            var rented = ArrayPool<byte>.Shared.Rent(Before + piece.Length + 1);
            Encoding.ASCII.GetBytes(piece, rented.AsSpan(Before));
            body.Adopt(rented, Before, piece.Length);
        }

        return body;
    }

    private static void AssertIs(BodyBuffer body, string expected)
    {
        Assert.Equal(expected.Length, body.Length);
        Assert.Equal(expected.Length, body.Content.Length);
        Assert.Equal(expected, Encoding.ASCII.GetString(body.Content));

        // Slices go by the pieces' running indices.
        for (var offset = 0; offset < expected.Length; offset += 997)
        {
            Assert.Equal((byte)expected[offset], body.Content.Slice(offset, 1).ToArray()[0]);
        }
    }
}
