using System.Text;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Trailers end a body without a last piece that says so; a picker that waits for one hangs the request.</summary>
[Collection(InteropCollection.Name)]
public sealed class TrailerTests(InteropSystem system)
{
    private static readonly Dictionary<string, string> SentTrailers = new() { ["x-check"] = "17" };

    [EnvoyTheory]
    [InlineData(BodyMode.FullDuplex, 30)]
    [InlineData(BodyMode.FullDuplex, 62_001)]
    [InlineData(BodyMode.FullDuplex, 1_500_000)]
    [InlineData(BodyMode.Buffered, 30)]
    [InlineData(BodyMode.Buffered, 62_001)]
    [InlineData(BodyMode.BufferedPartial, 62_001)]
    [InlineData(BodyMode.Streamed, 62_001)]
    [InlineData(BodyMode.None, 62_001)]
    public async Task Http2_BodyEndedByTrailers_BothArrive(BodyMode mode, int length)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var body = Bodies.OfLength(length);

        var (isOk, answer) = await RawHttp2.PostWithTrailersAsync(PortOf(mode), Bodies.CompletionsPath, body, SentTrailers, limit.Token);

        Assert.True(isOk, Encoding.UTF8.GetString(answer));
        AssertArrived(Echo.Parse(answer), body);
    }

    [EnvoyTheory]
    [InlineData(BodyMode.FullDuplex)]
    [InlineData(BodyMode.Buffered)]
    [InlineData(BodyMode.BufferedPartial)]
    [InlineData(BodyMode.Streamed)]
    [InlineData(BodyMode.None)]
    public async Task Http11_BodyEndedByTrailers_BothArrive(BodyMode mode)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var body = Bodies.OfLength(100);

        var answer = await RawHttp11.SendAsync(
            PortOf(mode),
            $"POST {Bodies.CompletionsPath} HTTP/1.1\r\ntransfer-encoding: chunked\r\ntrailer: x-check\r\n",
            $"{body.Length:x}\r\n{Encoding.ASCII.GetString(body)}\r\n0\r\nx-check: 17\r\n\r\n",
            limit.Token);

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        var json = answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)];
        AssertArrived(Echo.Parse(Encoding.UTF8.GetBytes(json)), body);
    }

    private static void AssertArrived(Echo echo, byte[] body)
    {
        Assert.Equal(Echo.HashOf(body), echo.Hash);
        Assert.Equal(echo.Server, echo.Destination);
        Assert.Equal("17", echo.Trailers.GetValueOrDefault("x-check"));
    }

    private int PortOf(BodyMode mode) => system.Envoy.PortOf(InteropSystem.With(mode));
}
