using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Gives the messages of a chat: of each the role and the text; other things that are said, such as calls of tools, are no part of the prompt's estimate.</summary>
internal static class ChatPrompt
{
    /// <summary>Gives an array of messages.</summary>
    public static void Append(in ReadOnlySequence<byte> messages, ref PromptSink prompt)
    {
        var cursor = new JsonCursor(messages);
        cursor.TryEnter();
        while (cursor.TryNext())
        {
            ReadMessage(ref cursor, out var role, out var content);
            prompt.Append(role);
            prompt.Append(content);
            if (content.IsArray)
            {
                AppendBlocks(content.Bytes, ref prompt);
            }
        }
    }

    /// <summary>Finds role and content of the message that is next.</summary>
    public static void ReadMessage(ref JsonCursor cursor, out JsonValue role, out JsonValue content)
    {
        role = content = default;
        cursor.TryEnter();
        while (cursor.TryNextMember(out var key, out var value))
        {
            if (key.Is("content"u8))
            {
                content = value;
            }
            else if (key.Is("role"u8))
            {
                role = value;
            }
        }
    }

    private static void AppendBlocks(in ReadOnlySequence<byte> blocks, ref PromptSink prompt)
    {
        var cursor = new JsonCursor(blocks);
        cursor.TryEnter();
        while (cursor.TryNext())
        {
            var (type, text, image, video, audio, input) = (default(JsonValue), default(JsonValue), default(JsonValue), default(JsonValue), default(JsonValue), default(JsonValue));
            cursor.TryEnter();
            while (cursor.TryNextMember(out var key, out var value))
            {
                if (key.Is("type"u8))
                {
                    type = value;
                }
                else if (key.Is("text"u8))
                {
                    text = value;
                }
                else if (key.Is("image_url"u8))
                {
                    image = value;
                }
                else if (key.Is("video_url"u8))
                {
                    video = value;
                }
                else if (key.Is("audio_url"u8))
                {
                    audio = value;
                }
                else if (key.Is("input_audio"u8))
                {
                    input = value;
                }
            }

            if (type.Is("text"u8))
            {
                prompt.Append(text);
            }
            else if (type.Is("image_url"u8))
            {
                prompt.AppendPicture(Url(image), isUrl: true);
            }
            else if (type.Is("video_url"u8))
            {
                prompt.AppendVideo(Url(video));
            }
            else if (type.Is("audio_url"u8))
            {
                prompt.AppendSound(Url(audio), default);
            }
            else if (type.Is("input_audio"u8))
            {
                prompt.AppendSound(input.Member("data"u8), input.Member("format"u8));
            }
        }
    }

    /// <summary>A URL comes in an object of its own, or as the string itself.</summary>
    private static JsonValue Url(in JsonValue value) => value.IsString ? value : value.Member("url"u8);
}
