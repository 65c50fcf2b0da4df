using System.Text.Json;
using Orleans.Inference.ExtProcGateway.Operators;

namespace Orleans.Inference.Silo.Status;

/// <summary>The operators' page: one HTML page at <c>/</c> that reads <c>/api/pools</c> each second. It only shows.</summary>
internal sealed class StatusServer(int port, PoolsReporter reporter, ILoggerFactory loggers) : WebServer("The status page", port, loggers)
{
    /// <summary>The page brings its style and script along, asks nobody else, and can't be framed.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private readonly byte[] _page = ReadPage();

    protected override void Map(WebApplication app)
    {
        app.MapGet("/", SendPageAsync);
        app.MapGet("/api/pools", SendPoolsAsync);
    }

    private async Task SendPageAsync(HttpContext context)
    {
        SetHeaders(context.Response, "text/html; charset=utf-8");
        context.Response.ContentLength = _page.Length;
        await context.Response.Body.WriteAsync(_page, context.RequestAborted);
    }

    private async Task SendPoolsAsync(HttpContext context)
    {
        SetHeaders(context.Response, "application/json");
        await JsonSerializer.SerializeAsync(context.Response.BodyWriter, reporter.Report(), StatusJson.Default.PoolsReport, context.RequestAborted);
    }

    private static void SetHeaders(HttpResponse response, string contentType)
    {
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
    }

    private static byte[] ReadPage()
    {
        using var source = typeof(StatusServer).Assembly.GetManifestResourceStream("status.html")!;
        using var page = new MemoryStream();
        source.CopyTo(page);
        return page.ToArray();
    }
}
