using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

public sealed class PrefixCacheOptionsTests
{
    [Fact]
    public void BlockTokens_ServersOwnSize_IsAtLeast64()
    {
        var options = new PrefixCacheOptions();

        Assert.Equal(64, options.BlockTokens(new CacheConfig(16, 0)));
        Assert.Equal(128, options.BlockTokens(new CacheConfig(128, 0)));
        Assert.Equal(64, options.BlockTokens(default));
        Assert.Equal(16, new PrefixCacheOptions { Rule = PrefixHashRule.WholeBlocks }.BlockTokens(new CacheConfig(16, 0)));
        Assert.Equal(256, new PrefixCacheOptions { AutoTune = false, BlockSizeTokens = 256 }.BlockTokens(new CacheConfig(128, 0)));
    }

    [Fact]
    public void MaxBlocks_EachCap_Holds()
    {
        Assert.Equal(2048, new PrefixCacheOptions().MaxBlocks(64)); // 131,072 / 64
        Assert.Equal(1024, new PrefixCacheOptions().MaxBlocks(128));
        Assert.Equal(2048, new PrefixCacheOptions { MaxPrefixTokensToMatch = 0 }.MaxBlocks(128));
        Assert.Equal(int.MaxValue, new PrefixCacheOptions { MaxPrefixTokensToMatch = 0, MaxPrefixBlocksToMatch = 0 }.MaxBlocks(64));
    }

    [Fact]
    public void Capacity_ServersOwnTokens_OrTheDefault()
    {
        // 19,208 blocks of 16 tokens are 4,802 of the index's 64; with the old rule both have 16.
        Assert.Equal(4_802, new PrefixCacheOptions().Capacity(new CacheConfig(16, 19_208)));
        Assert.Equal(500, new PrefixCacheOptions().Capacity(new CacheConfig(128, 500)));
        Assert.Equal(19_208, new PrefixCacheOptions { Rule = PrefixHashRule.WholeBlocks }.Capacity(new CacheConfig(16, 19_208)));
        Assert.Equal(19_208, new PrefixCacheOptions().Capacity(new CacheConfig(0, 19_208)));
        Assert.Equal(1, new PrefixCacheOptions().Capacity(new CacheConfig(16, 1)));
        Assert.Equal(31_250, new PrefixCacheOptions().Capacity(default));
        Assert.Equal(31_250, new PrefixCacheOptions { AutoTune = false }.Capacity(new CacheConfig(16, 19_208)));
    }
}
