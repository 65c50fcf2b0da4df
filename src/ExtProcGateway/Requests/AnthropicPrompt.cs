using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Gives the messages of Anthropic's API: the system's text, then of each message the role and its blocks.</summary>
internal static class AnthropicPrompt
{
    /// <summary>Room for what a block is told by.</summary>
    private const int LongestPrefix = 2 * JsonText.SmallestBuffer;

    /// <summary>Gives the system's text, a string or an array of blocks, and the messages.</summary>
    public static void Append(in ReadOnlySequence<byte> system, in ReadOnlySequence<byte> messages, ref PromptSink prompt)
    {
        var preamble = new JsonCursor(system).Read();
        prompt.Append(preamble);
        if (preamble.IsArray)
        {
            AppendSystem(preamble.Bytes, ref prompt);
        }

        var cursor = new JsonCursor(messages);
        cursor.TryEnter();
        while (cursor.TryNext())
        {
            ChatPrompt.ReadMessage(ref cursor, out var role, out var content);
            prompt.Append(role);
            prompt.Append(content);
            if (content.IsArray)
            {
                AppendBlocks(content.Bytes, ref prompt);
            }
        }
    }

    /// <summary>A block that begins so has a number that differs from request to request: with it no prompt would begin as another does. The reference picker leaves it out, and so does vLLM.</summary>
    private static ReadOnlySpan<byte> BillingHeader => "x-anthropic-billing-header"u8;

    private static void AppendSystem(in ReadOnlySequence<byte> blocks, ref PromptSink prompt)
    {
        var cursor = new JsonCursor(blocks);
        cursor.TryEnter();
        while (cursor.TryNext())
        {
            var block = cursor.Read();
            if (block.Member("type"u8).Is("text"u8) && block.Member("text"u8) is { IsString: true } text && !IsBillingHeader(text))
            {
                prompt.Append(text);
            }
        }
    }

    private static bool IsBillingHeader(in JsonValue text)
    {
        Span<byte> buffer = stackalloc byte[LongestPrefix];
        return new JsonText(text.Bytes, buffer).TryNext(out var beginning) && beginning.StartsWith(BillingHeader);
    }

    private static void AppendBlocks(in ReadOnlySequence<byte> blocks, ref PromptSink prompt)
    {
        var cursor = new JsonCursor(blocks);
        cursor.TryEnter();
        while (cursor.TryNext())
        {
            var block = cursor.Read();
            var type = block.Member("type"u8);
            if (type.Is("text"u8))
            {
                prompt.Append(block.Member("text"u8));
            }
            else if (type.Is("thinking"u8))
            {
                prompt.Append(block.Member("thinking"u8));
            }
            else if (type.Is("image"u8))
            {
                AppendPicture(block, ref prompt);
            }
            else if (type.Is("tool_use"u8))
            {
                prompt.Append(block.Member("id"u8));
                prompt.Append(block.Member("name"u8));
                prompt.AppendWritten(block.Member("input"u8));
            }
            else if (type.Is("tool_result"u8))
            {
                AppendResult(block.Member("content"u8), ref prompt);
            }
        }
    }

    /// <summary>A picture is told by its URL or by its data.</summary>
    private static void AppendPicture(in JsonValue block, ref PromptSink prompt)
    {
        var source = block.Member("source"u8);
        var url = source.Member("url"u8);
        var isUrl = url.IsString && !url.Bytes.IsEmpty;
        prompt.AppendPicture(isUrl ? url : source.Member("data"u8), isUrl);
    }

    /// <summary>The result of a tool: its texts, in lines of their own, then its pictures.</summary>
    private static void AppendResult(in JsonValue content, ref PromptSink prompt)
    {
        prompt.Append(content);
        if (!content.IsArray)
        {
            return;
        }

        var cursor = new JsonCursor(content.Bytes);
        cursor.TryEnter();
        var first = true;
        while (cursor.TryNext())
        {
            var block = cursor.Read();
            if (block.Member("type"u8).Is("text"u8))
            {
                prompt.AppendRaw(first ? [] : "\n"u8);
                prompt.Append(block.Member("text"u8));
                first = false;
            }
        }

        cursor = new JsonCursor(content.Bytes);
        cursor.TryEnter();
        while (cursor.TryNext())
        {
            var block = cursor.Read();
            if (block.Member("type"u8).Is("image"u8))
            {
                AppendPicture(block, ref prompt);
            }
        }
    }
}
