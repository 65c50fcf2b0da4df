using System.Buffers;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What the chains of a request begin with, so that neither models nor the owners of a cache salt share blocks.</summary>
internal static class PromptSeed
{
    private const int UsualSalt = 256;

    /// <summary>The seed of a model and of the cache salt in a body that was parsed.</summary>
    public static ulong Of(string model, in ReadOnlySequence<byte> body, in ParsedRequest parsed)
    {
        if (parsed.CacheSaltLength == 0)
        {
            return PrefixHasher.Seed(model, []);
        }

        var text = body.Slice(parsed.CacheSaltOffset + 1, parsed.CacheSaltLength - 2);
        byte[]? rented = null;
        var salt = text.Length <= UsualSalt - JsonText.SmallestBuffer ? stackalloc byte[UsualSalt] : rented = ArrayPool<byte>.Shared.Rent((int)text.Length + JsonText.SmallestBuffer);
        var seed = PrefixHasher.Seed(model, salt[..JsonText.Decode(text, salt)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return seed;
    }
}
