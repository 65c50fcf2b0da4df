using System.IO.Compression;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Figures;

/// <summary>The metrics page of the real process, to readers that take it compressed and to others.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class CompressionTests(DefaultPicker picker)
{
    private const string Text = "text/plain";
    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>What Prometheus asks for, shortened.</summary>
    private const string Scrape = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.2";

    [Theory]
    [InlineData("/metrics", "gzip", "*/*", Text)]
    [InlineData("/metrics", "gzip", Scrape, OpenMetrics)]
    [InlineData("/metrics", "deflate, gzip, br, zstd", "*/*", Text)]
    [InlineData("/debug/plugins/state", "gzip", "*/*", "application/json")]
    public async Task Get_GzipIsAskedFor_IsThePageInGzip(string path, string encodings, string accept, string type)
    {
        var (encoding, media, bytes) = await GetAsync(path, encodings, accept);

        Assert.Equal(("gzip", type), (encoding, media));
        using var zipped = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(zipped);
        var page = await reader.ReadToEndAsync();
        Assert.Contains(path == "/metrics" ? "\nllm_d_epp_ready_endpoints{" : "\"timestamp\"", page, StringComparison.Ordinal);
        Assert.Equal(accept == Scrape, page.EndsWith("# EOF\n", StringComparison.Ordinal));
        Assert.InRange(bytes.Length, 1, page.Length / 2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    [InlineData("br, zstd")]
    [InlineData("gzip;q=0")]
    public async Task Get_GzipIsNotAskedFor_IsThePageItself(string? encodings)
    {
        var (encoding, media, bytes) = await GetAsync("/metrics", encodings, "*/*");

        Assert.Equal((null, Text), (encoding, media));
        Assert.Contains("\nllm_d_epp_ready_endpoints{", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    private async Task<(string? Encoding, string? Media, byte[] Bytes)> GetAsync(string path, string? encodings, string accept)
    {
        using var http = new HttpClient { Timeout = Bounds.Wait };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{picker.Picker.MetricsPort}{path}"));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (encodings is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", encodings);
        }

        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (response.Content.Headers.ContentEncoding.SingleOrDefault(), response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync());
    }
}
