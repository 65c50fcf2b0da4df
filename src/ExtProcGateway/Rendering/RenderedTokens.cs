using System.Text.Json;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Rendering;

/// <summary>Reads what a vLLM server made of a prompt: an object with <c>token_ids</c> for a chat, an array of such objects for the prompts of a completion.</summary>
internal static class RenderedTokens
{
    private const int AtOnce = 256;

    /// <summary>Makes the chains of the prompts.</summary>
    /// <param name="hashes">Where they go; what it holds is discarded.</param>
    /// <returns>The number of tokens; -1 where the answer can't be used, because it is malformed or the prompt has media (<c>features</c>). There are no chains then.</returns>
    public static long Hash(ReadOnlySpan<byte> answer, in PromptBlocks blocks, ulong seed, PrefixHashes hashes)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            var hasher = new PrefixHasher(hashes, blocks.Rule, seed, blocks.BlockTokens, blocks.MaxBlocks);
            var tokens = Read(ref reader, ref hasher);
            if (tokens > 0)
            {
                return tokens;
            }
        }
        catch (JsonException)
        {
            // Told by the result.
        }

        hashes.Clear();
        return -1;
    }

    private static long Read(ref Utf8JsonReader reader, ref PrefixHasher hasher)
    {
        var tokens = 0L;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isTokens = reader.ValueTextEquals("token_ids"u8);
            var isFeatures = reader.ValueTextEquals("features"u8);
            reader.Read();
            if (isFeatures && reader.TokenType != JsonTokenType.Null)
            {
                return -1;
            }

            if (isTokens && reader.TokenType == JsonTokenType.StartArray)
            {
                var read = ReadIds(ref reader, ref hasher);
                if (read < 0)
                {
                    return -1;
                }

                tokens += read;
            }
            else
            {
                reader.Skip();
            }
        }

        return tokens;
    }

    private static long ReadIds(ref Utf8JsonReader reader, ref PrefixHasher hasher)
    {
        Span<uint> ids = stackalloc uint[AtOnce];
        var (total, count) = (0L, 0);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt32(out ids[count]))
            {
                return -1;
            }

            total++;
            if (++count == AtOnce)
            {
                hasher.Append(ids);
                count = 0;
            }
        }

        hasher.Append(ids[..count]);
        hasher.EndPrompt();
        return total;
    }
}
