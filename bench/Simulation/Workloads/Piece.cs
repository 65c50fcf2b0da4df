namespace Orleans.Inference.Bench.Simulation.Workloads;

/// <summary>A run of tokens: pieces of the same id hold the same tokens, of which the first <see cref="Tokens"/> are meant.</summary>
internal readonly record struct Piece(long Id, int Tokens)
{
    private const int VocabularyBits = 17;

    /// <summary>Writes the piece's tokens to the beginning of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<int> destination)
    {
        // Mixed twice, so that neighbouring ids and places have nothing in common.
        var seed = ((uint)Id * 0x9E3779B1) ^ (uint)(Id >> 32);
        seed = (seed ^ (seed >> 15)) * 0x85EBCA6B;
        for (var i = 0; i < Tokens; i++)
        {
            var mixed = ((uint)i * 0xC2B2AE35) ^ seed;
            mixed = (mixed ^ (mixed >> 13)) * 0x27D4EB2F;
            destination[i] = (int)(mixed >> (32 - VocabularyBits));
        }
    }
}
