using System.Text;
using System.Text.Json;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Simulator.Tests.ModelServer;

/// <summary>A real process with two model servers, for all tests of a class.</summary>
public sealed class ModelServerFixture : IAsyncLifetime
{
    private ChildProcess? _process;

    /// <summary>Client of the first server.</summary>
    public HttpClient Client { get; } = new() { Timeout = Bounds.Wait };

    /// <summary>Address of the second server.</summary>
    public Uri Second { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _process = ChildProcess.StartDotnet(
            RepositoryPaths.Simulator, "model-server", "--port", "0", "--vary-port", "--count", "2", "--lora", "poet", "--lora", "coder",
            "--max-model-len", "100000", "--decode-step", "1ms", "--lora-load-time", "1ms", "--seed", "7");
        await _process.WaitForLineAsync("model servers ready");
        var addresses = _process.Output.Split('\n').Where(line => line.Contains("http://", StringComparison.Ordinal))
            .Select(line => new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..])).ToList();
        Client.BaseAddress = addresses[0];
        Second = addresses[1];
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string contentType = "application/json")
        => Client.PostAsync(path, new StringContent(body, Encoding.UTF8, contentType));

    public async Task<JsonElement> PostJsonAsync(string path, string body, int status = 200)
    {
        using var response = await PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The JSON of each event; the last one must be <c>[DONE]</c>.</summary>
    public async Task<List<JsonElement>> PostStreamAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement)];
    }
}
