using System.Globalization;
using System.Text.Json;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.MetricsPages;

/// <summary>A Prometheus server that scrapes one page.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly ChildProcess _program;
    private readonly string _folder;
    private readonly HttpClient _http;

    private PrometheusProcess(ChildProcess program, string folder, int port)
    {
        _program = program;
        _folder = folder;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/"), Timeout = Bounds.Wait };
    }

    /// <summary>What it has logged.</summary>
    public string Log => _program.Output;

    public static async Task<PrometheusProcess> StartAsync(int metricsPort)
    {
        var folder = Directory.CreateTempSubdirectory("interop-prometheus-").FullName;
        var configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            scrape_configs:
            - job_name: picker
              scrape_interval: 1s
              static_configs: [{targets: ["127.0.0.1:{{metricsPort}}"]}]
            """);
        var port = Loopback.FreePort();
        var program = ChildProcess.Start(
            RequiredPrograms.Prometheus!,
            [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}"]);
        var prometheus = new PrometheusProcess(program, folder, port);

        // It listens before it answers.
        await program.WaitForLineAsync("Server is ready");
        return prometheus;
    }

    /// <summary>Waits until the page was scraped so many times.</summary>
    public Task AwaitScrapesAsync(int count) => Bounds.UntilAsync(
        async () => await QueryAsync("sum(count_over_time(up[5m]))") is { } scrapes && int.Parse(scrapes, CultureInfo.InvariantCulture) >= count,
        $"{count} scrapes");

    /// <summary>The scraped page's health, and the last scrape's error.</summary>
    public async Task<(string? Health, string? Error)> ReadTargetAsync()
    {
        var target = (await ReadAsync("targets")).GetProperty("activeTargets")[0];
        return (target.GetProperty("health").GetString(), target.GetProperty("lastError").GetString());
    }

    /// <summary>The value of an expression that has one; null where it has none.</summary>
    public async Task<string?> QueryAsync(string expression)
    {
        var result = (await ReadAsync($"query?query={Uri.EscapeDataString(expression)}")).GetProperty("result");
        return result.GetArrayLength() == 0 ? null : result[0].GetProperty("value")[1].GetString();
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)));
        Assert.Equal("success", answer.RootElement.GetProperty("status").GetString());
        return answer.RootElement.GetProperty("data").Clone();
    }
}
