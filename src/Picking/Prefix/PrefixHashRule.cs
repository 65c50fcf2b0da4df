namespace Orleans.Inference.Picking.Prefix;

/// <summary>How a prompt's bytes become hashes of blocks.</summary>
public enum PrefixHashRule
{
    /// <summary>
    /// The current reference picker: tokens of four bytes, the last one padded with zeros; hash of a block = XXH64(XXH64(block) ‖ hash before); the last block may
    /// be shorter than the others.
    /// </summary>
    Tokens,

    /// <summary>GAIE v1.5: bytes without tokens; hash of a block = XXH64(block ‖ hash before); a last block that is not whole is left out.</summary>
    WholeBlocks,
}
