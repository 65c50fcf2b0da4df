using System.Buffers;
using System.Diagnostics;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Gives the prompts of a JSON body that was accepted, as the reference picker's estimate of tokens puts them together.</summary>
internal static class JsonPrompt
{
    /// <summary>Gives the prompts one after the other.</summary>
    public static void Append(PromptForm form, in ReadOnlySequence<byte> body, in PromptRanges ranges, ref PromptSink prompt)
    {
        var content = ranges.Content.Of(body);
        switch (form)
        {
            case PromptForm.None:
                return;
            case PromptForm.Completions or PromptForm.Json when ranges.TokenIds > 0:
                prompt.Count(ranges.TokenIds);
                TokenIds.AppendArray(content, ref prompt);
                break;
            case PromptForm.Completions:
                AppendTexts(content, ref prompt);
                return;
            case PromptForm.Json:
            case PromptForm.Chat or PromptForm.Messages when prompt.Rule == PrefixHashRule.WholeBlocks:
                prompt.AppendJson(content);
                break;
            case PromptForm.Chat:
                AppendTools(ranges.Tools.Of(body), ref prompt);
                ChatPrompt.Append(content, ref prompt);
                break;
            case PromptForm.Messages:
                AppendTools(ranges.Tools.Of(body), ref prompt);
                AnthropicPrompt.Append(ranges.Preamble.Of(body), content, ref prompt);
                break;
            case PromptForm.Responses:
                AppendResponses(body, ranges, content, ref prompt);
                break;
            default:
                throw new UnreachableException();
        }

        prompt.EndPrompt();
    }

    private static void AppendTexts(in ReadOnlySequence<byte> content, ref PromptSink prompt)
    {
        var cursor = new JsonCursor(content);
        if (!cursor.TryEnter())
        {
            prompt.Append(cursor.Read());
            prompt.EndPrompt();
            return;
        }

        while (cursor.TryNext())
        {
            prompt.Append(cursor.Read());
            prompt.EndPrompt();
        }
    }

    private static void AppendTools(in ReadOnlySequence<byte> tools, ref PromptSink prompt)
    {
        if (!tools.IsEmpty && new JsonCursor(tools).Read().HasItems)
        {
            prompt.AppendJson(tools);
        }
    }

    private static void AppendResponses(in ReadOnlySequence<byte> body, in PromptRanges ranges, in ReadOnlySequence<byte> input, ref PromptSink prompt)
    {
        prompt.AppendRaw("["u8);
        if (!ranges.Preamble.IsEmpty)
        {
            prompt.AppendRaw("{\"instructions\":"u8);
            prompt.AppendJson(ranges.Preamble.Of(body));
            prompt.AppendRaw("},"u8);
        }

        if (!ranges.Tools.IsEmpty)
        {
            prompt.AppendRaw("{\"tools\":"u8);
            prompt.AppendJson(ranges.Tools.Of(body));
            prompt.AppendRaw("},"u8);
        }

        prompt.AppendRaw("{\"input\":"u8);
        prompt.AppendJson(input);
        prompt.AppendRaw("}]"u8);
    }
}
