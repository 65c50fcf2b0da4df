using System.Buffers;
using System.Globalization;
using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Micro.Prefix;

/// <summary>The table of bench/results/prefix.md on hashing the prompts of request bodies, in one piece and in pieces of 64 KiB.</summary>
internal static class PromptFigures
{
    private const int Piece = 64 * 1024;
    private const string Line = "It was the best of times, it was the worst of times, it was the age of wisdom. ";
    private const string Code = "    if (key == \\\"name\\\") {\\n        return value;\\n    }\\n";

    private static readonly RequestRoute Completions = new(new JsonBody(JsonApis.Completions, new ModelNames()));
    private static readonly RequestRoute Chats = new(new JsonBody(JsonApis.ChatCompletions, new ModelNames()));

    public static void Print()
    {
        WarmUp();
        Console.WriteLine("## Hashing the prompt of a body\n");
        Least.Row("body", "bytes", "hashed, µs", "the same in pieces of 64 KiB", "GB/s or ns an id", "allocated, bytes", "counted only, µs", "parsed before, µs");
        Least.Row("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        var prose = Repeat(Line, 400_000);
        var small = Repeat(Line, 1_400);
        var code = Repeat(Code, 400_000);
        var chinese = Repeat("\\u8fd9\\u662f\\u6700\\u597d\\u7684\\u65f6\\u4ee3, ", 400_000);
        Print("completion", Completions, $$"""{"model":"m","prompt":"{{small}}"}""");
        Print("completion", Completions, $$"""{"model":"m","prompt":"{{prose}}"}""");
        Print("chat of two messages", Chats, Chat(small));
        Print("chat of two messages", Chats, Chat(prose));
        Print("chat of two messages", Chats, Chat(Repeat(Line, 4_000_000)));
        Print("chat of 200 messages", Chats, $$"""{"model":"m","messages":[{{string.Join(',', Enumerable.Repeat($$"""{"role":"user","content":"{{Repeat(Line, 2_000)}}"}""", 200))}}]}""");
        Print("chat, the text in a block", Chats, $$"""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"{{prose}}"}]}]}""");
        Print("chat, an escape each 11 bytes (code)", Chats, Chat(code));
        Print("chat, of escapes `\\u8fd9` only", Chats, Chat(chinese));
        Print("chat, a picture as data", Chats, $$$"""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Repeat("iVBORw0KGgoAAAANSUhEUgAA", 400_000)}}}"}}]}]}""");
        Print("token ids", Completions, Tokens(100, ","), 100);
        Print("token ids", Completions, Tokens(100_000, ","), 100_000);
        Print("token ids, `, ` between them", Completions, Tokens(100_000, ", "), 100_000);
    }

    /// <summary>All rows share the code: without this the first ones would be measured while it is still being compiled.</summary>
    private static void WarmUp()
    {
        foreach (var (route, json) in (ReadOnlySpan<(RequestRoute, string)>)[(Completions, $$"""{"prompt":"{{Repeat(Line, 2_000)}}"}"""), (Chats, Chat(Repeat(Code, 2_000))), (Completions, Tokens(500, ","))])
        {
            var body = Pieces(Encoding.UTF8.GetBytes(json));
            var hashes = new PrefixHashes();
            Least.Of(() => route.HashPrompt(body, route.Parse(body), "m", new PromptBlocks(PrefixHashRule.Tokens, 64, int.MaxValue), hashes));
            Least.Of(() => route.CountPromptTokens(body, route.Parse(body)));
        }
    }

    private static string Chat(string text) => $$"""{"model":"m","messages":[{"role":"system","content":"You are helpful."},{"role":"user","content":"{{text}}"}]}""";

    private static string Tokens(int count, string separator) => $$"""{"model":"m","prompt":[{{string.Join(separator, Enumerable.Range(0, count).Select(i => (i * 7919L) % 128_000))}}]}""";

    private static string Repeat(string text, int length) => new StringBuilder().Insert(0, text, Math.Max(1, length / text.Length)).ToString();

    private static void Print(string name, RequestRoute route, string json, int ids = 0)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var whole = new ReadOnlySequence<byte>(bytes);
        var pieces = Pieces(bytes);
        var hashes = new PrefixHashes();
        var blocks = new PromptBlocks(PrefixHashRule.Tokens, 64, int.MaxValue);
        var parsed = route.Parse(whole);
        var hashed = Least.Of(() => route.HashPrompt(whole, parsed, "m", blocks, hashes));
        var inPieces = Least.Of(() => route.HashPrompt(pieces, parsed, "m", blocks, hashes));
        var counted = Least.Of(() => route.CountPromptTokens(whole, parsed));
        var read = Least.Of(() => route.Parse(whole));
        Least.Row(
            name,
            Least.Figure(bytes.Length),
            Least.Figure(hashed.Nanoseconds / 1000),
            Least.Figure(inPieces.Nanoseconds / 1000),
            ids > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hashed.Nanoseconds / ids:0.0} ns") : Least.Figure(bytes.Length / hashed.Nanoseconds, "0.0"),
            hashed.Allocated,
            Least.Figure(counted.Nanoseconds / 1000),
            Least.Figure(read.Nanoseconds / 1000));
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes)
    {
        var body = new BodyBuffer();
        for (var at = 0; at < bytes.Length; at += Piece)
        {
            var length = Math.Min(Piece, bytes.Length - at);
            var rented = ArrayPool<byte>.Shared.Rent(length);
            bytes.AsSpan(at, length).CopyTo(rented);
            body.Adopt(rented, 0, length);
        }

        return body.Content;
    }
}
