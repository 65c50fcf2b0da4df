using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class HttpResponseReaderTests
{
    private const string Page = "vllm:num_requests_waiting 3\nvllm:num_requests_running 7\n";

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 56\r\n\r\n" + Page, true)]
    [InlineData("HTTP/1.1 200 \r\ncontent-LENGTH:56\r\nConnection: keep-alive, x\r\n\r\n" + Page, true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 56\r\nConnection: x, Close\r\n\r\n" + Page, false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 56\r\n\r\n" + Page, false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 56\r\nConnection: keep-alive\r\n\r\n" + Page, true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n38\r\n" + Page + "\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nv\r\n037;ext=\"x\"\r\nllm:num_requests_waiting 3\nvllm:num_requests_running 7\n\r\n000\r\nTrailer: x\r\n\r\n", true)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 56\r\n\r\n" + Page, true)]
    public void Read_CompleteAnswerCutAtEveryByte_GivesThePage(string response, bool keepsAlive)
    {
        var bytes = Encoding.UTF8.GetBytes(response);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var (reader, figures) = Read(bytes, [cut]);

            Assert.Equal(ScrapeFailure.None, reader.Fault.Failure);
            Assert.True(reader.IsDone);
            Assert.Equal(keepsAlive, reader.KeepsAlive);
            Assert.Equal((3, 7), (figures.Queued, figures.Running));
            Assert.Equal(Page.Length, reader.BodyBytes);
        }
    }

    [Fact]
    public void Read_MoreThanTheAnswer_DoesNotKeepTheConnection()
    {
        var (reader, _) = Read(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 56\r\n\r\n{Page}more"), []);

        Assert.True(reader.IsDone);
        Assert.False(reader.KeepsAlive);
    }

    [Fact]
    public void Read_ChunkedInAnyChunksAndAnyPieces_GivesThePage()
    {
        var page = Pages.WithHistograms(Pages.Vllm, 5_000);
        var whole = new PageReading(BuiltInEngines.Vllm);
        whole.Read(page);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var bytes = Chunked(page, random);
            var cuts = Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(bytes.Length)).Order().ToArray();
            var (reader, figures) = Read(bytes, cuts, maxBodyBytes: page.Length);
            return reader.IsDone && reader.KeepsAlive && reader.BodyBytes == page.Length && figures.Queued == whole.Figures.Queued && figures.Cache == whole.Figures.Cache;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH", nameof(ScrapeFailure.NotHttp))]
    [InlineData("\0\u0001", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/2 200\r\n\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nno header\r\n\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", nameof(ScrapeFailure.TooLarge))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n123456789\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n", nameof(ScrapeFailure.NotHttp))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", nameof(ScrapeFailure.Encoded))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", nameof(ScrapeFailure.Encoded))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n", nameof(ScrapeFailure.Html))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", nameof(ScrapeFailure.Html))]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", nameof(ScrapeFailure.Status))]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", nameof(ScrapeFailure.Status))]
    public void Read_WrongAnswer_IsAFault(string response, string failure)
    {
        var (reader, _) = Read(Encoding.Latin1.GetBytes(response), []);

        Assert.Equal(failure, reader.Fault.Failure.ToString());
        Assert.False(reader.IsDone);
    }

    [Fact]
    public void Read_EndlessHead_IsAFault()
    {
        var (reader, _) = Read(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nX: " + new string('x', 20_000)), []);

        Assert.Equal(ScrapeFailure.NotHttp, reader.Fault.Failure);
    }

    [Fact]
    public void Read_MoreThanTheBound_IsAFault()
    {
        var (reader, _) = Read(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n" + new string('\n', 1001)), []);

        Assert.Equal(ScrapeFailure.TooLarge, reader.Fault.Failure);
    }

    [Fact]
    public void End_WithoutALength_IsTheEndOfThePage()
    {
        var (reader, figures) = Read(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n" + Page.TrimEnd()), [60], end: true);

        Assert.True(reader.IsDone);
        Assert.False(reader.KeepsAlive);
        Assert.Equal((3, 7), (figures.Queued, figures.Running));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 57\r\n\r\n" + Page)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n38\r\n" + Page + "\r\n")]
    public void End_BeforeTheEnd_IsAFault(string response)
    {
        var (reader, _) = Read(Encoding.ASCII.GetBytes(response), [], end: true);

        Assert.Equal(ScrapeFailure.Closed, reader.Fault.Failure);
    }

    [Fact]
    public void Read_AnyBytes_NeverThrows()
    {
        var responses = from head in Gen.Elements(string.Empty, "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n")
                        from bytes in ArbMap.Default.ArbFor<byte[]>().Generator
                        select (byte[])[.. Encoding.ASCII.GetBytes(head), .. bytes];

        Prop.ForAll(responses.ToArbitrary(), response =>
        {
            var (reader, _) = Read(response, Enumerable.Range(0, response.Length), end: true);
            return reader.IsDone || !reader.Fault.IsHealthy;
        }).QuickCheckThrowOnFailure();
    }

    private static (HttpResponseReader Reader, ServerFigures Figures) Read(byte[] response, IEnumerable<int> cuts, bool end = false, int maxBodyBytes = 1000)
    {
        var reader = new HttpResponseReader(maxBodyBytes);
        var page = new MetricsPage(BuiltInEngines.Vllm);
        byte[] rest = [];
        var from = 0;
        foreach (var cut in cuts.Append(response.Length))
        {
            if (cut == from || reader.IsDone || !reader.Fault.IsHealthy)
            {
                continue;
            }

            byte[] buffer = [.. rest, .. response[from..cut]];
            rest = reader.Read(buffer, rest.Length, page).ToArray();
            from = cut;
        }

        if (end && !reader.IsDone && reader.Fault.IsHealthy)
        {
            reader.End(rest, page);
        }

        var figures = new ServerFigures(BuiltInEngines.Vllm);
        figures.Apply(page);
        return (reader, figures);
    }

    private static byte[] Chunked(byte[] page, Random random)
    {
        var bytes = new List<byte>(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        for (var at = 0; at < page.Length;)
        {
            var length = Math.Min(page.Length - at, random.Next(3) == 0 ? 1 + random.Next(3) : 1 + random.Next(500));
            bytes.AddRange(Encoding.ASCII.GetBytes($"{length:x}\r\n"));
            bytes.AddRange(page.AsSpan(at, length));
            bytes.AddRange("\r\n"u8);
            at += length;
        }

        bytes.AddRange("0\r\n\r\n"u8);
        return [.. bytes];
    }
}
