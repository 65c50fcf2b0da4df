using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Prometheus;

namespace Contracts.Prometheus;

public sealed class EndpointTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    // What Prometheus 3 sends.
    private const string Scraper =
        "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1";

    [Theory]
    [InlineData(null, Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/html", Text)]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData(Scraper, OpenMetrics)]
    [InlineData("text/plain;q=0.9,application/openmetrics-text;q=0.5", Text)]
    [InlineData("nonsense;;q=,application/openmetrics-text", OpenMetrics)]
    public async Task MapMetrics_Accept_ChoosesTheFormat(string? accept, string contentType)
    {
        var registry = Metrics.NewCustomRegistry();
        Metrics.WithCustomRegistry(registry).CreateGauge("level", "").Set(1);
        await using var application = await StartAsync(application => application.MapMetrics("/metrics", registry));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await application.GetTestClient().SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(contentType == OpenMetrics, body.EndsWith("# EOF\n", StringComparison.Ordinal));
        Assert.Contains("# TYPE level gauge\nlevel 1", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapMetrics_WithoutOpenMetrics_StaysWithText()
    {
        var registry = Metrics.NewCustomRegistry();
        Metrics.WithCustomRegistry(registry).CreateGauge("level", "").Set(1);
        await using var application = await StartAsync(application => application.MapMetrics(
            settings =>
            {
                settings.Registry = registry;
                settings.EnableOpenMetrics = false;
            },
            "/stats"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stats");
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text");

        using var response = await application.GetTestClient().SendAsync(request);

        Assert.Equal(Text, response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task UseMetricServer_OnItsPath_AnswersAndPassesTheRestOn()
    {
        var registry = Metrics.NewCustomRegistry();
        Metrics.WithCustomRegistry(registry).CreateGauge("level", "").Set(1);
        await using var application = await StartAsync(application =>
        {
            application.UseMetricServer("/metrics", registry);
            application.MapGet("/other", () => "other");
        });
        var client = application.GetTestClient();

        Assert.Contains("\nlevel 1\n", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal("other", await client.GetStringAsync("/other"));
    }

    [Fact]
    public async Task Query_NamingAFormat_ComesBeforeTheHeader()
    {
        var registry = Metrics.NewCustomRegistry();
        Metrics.WithCustomRegistry(registry).CreateGauge("level", "").Set(1);
        await using var application = await StartAsync(application => application.MapMetrics("/metrics", registry));

        using var response = await application.GetTestClient().GetAsync("/metrics?accept=application/openmetrics-text");

        Assert.Equal(OpenMetrics, response.Content.Headers.ContentType?.ToString());
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> configure)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        var application = builder.Build();
        configure(application);
        await application.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return application;
    }
}
