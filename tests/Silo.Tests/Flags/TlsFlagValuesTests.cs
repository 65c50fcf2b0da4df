using System.Net.Security;
using System.Security.Authentication;
using Orleans.Inference.ExtProcGateway.Hosting.Flags;

namespace Orleans.Inference.Silo.Tests.Flags;

public sealed class TlsFlagValuesTests
{
    [Theory]
    [InlineData("", SslProtocols.Tls12 | SslProtocols.Tls13)]
    [InlineData("VersionTLS12", SslProtocols.Tls12 | SslProtocols.Tls13)]
    [InlineData("VersionTLS13", SslProtocols.Tls13)]
    [InlineData("VersionTLS14", null)]
    [InlineData("TLS12", null)]
    [InlineData("versiontls12", null)]
    public void VersionsFrom_GosName_IsThatVersionAndThoseAbove(string name, SslProtocols? expected) => Assert.Equal(expected, TlsFlagValues.VersionsFrom(name));

    [Theory]
    [InlineData("VersionTLS10", 4)]
    [InlineData("VersionTLS11", 3)]
    public void VersionsFrom_OldVersion_IsTakenWhereItIsAskedForByName(string name, int versions) =>
        Assert.Equal(versions, Enum.GetValues<SslProtocols>().Count(version => System.Numerics.BitOperations.PopCount((uint)version) > 1 && TlsFlagValues.VersionsFrom(name)!.Value.HasFlag(version)));

    [Fact]
    public void TryParseSuites_GosNames_AreTheRegistrys()
    {
        Assert.True(TlsFlagValues.TryParseSuites(
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_128_CBC_SHA,TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            out var suites,
            out _));
        Assert.Equal(
            [
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            ],
            suites.ToArray());
    }

    [Theory]
    [InlineData("TLS_NONE_SUCH", "TLS_NONE_SUCH")]
    [InlineData("TLS_AES_128_GCM_SHA256,4865", "4865")]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("tls_aes_128_gcm_sha256", "tls_aes_128_gcm_sha256")]
    public void TryParseSuites_OtherNames_AreTold(string names, string expected)
    {
        Assert.False(TlsFlagValues.TryParseSuites(names, out _, out var unknown));
        Assert.Equal(expected, unknown);
    }

    [Fact]
    public void TryParseSuites_Nothing_IsNone()
    {
        Assert.True(TlsFlagValues.TryParseSuites("", out var suites, out _));
        Assert.Empty(suites);
    }
}
