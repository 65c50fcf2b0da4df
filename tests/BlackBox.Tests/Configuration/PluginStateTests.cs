using System.Globalization;
using System.Text.Json;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configuration;

/// <summary>What the real process tells of its plugins.</summary>
public sealed class PluginStateTests
{
    private const string Configuration = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - {name: by-session, type: session-affinity-filter, parameters: {strategy: session_id}}
        - {name: by-token, type: session-affinity-scorer}
        - {type: no-hit-lru-scorer, parameters: {lruSize: 7}}
        - type: prefix-cache-scorer
        - type: queue-scorer

        """;

    [Fact]
    public async Task State_OfEachPlugin_IsToldOrThatThereIsNone()
    {
        var picker = await ConfiguredPicker.StartAsync("--config-text", Configuration, "--allow-experimental-plugins");
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{picker.Picker.MetricsPort}"), Timeout = Bounds.Wait };
            var prompt = Exchanges.Prompt("m").Replace("hello", new string('x', 4096), StringComparison.Ordinal);
            await picker.Client.PickAsync(prompt, headers: [("x-session-id", "a")]);

            // The prompt is noted behind the answers; until then another request finds nothing cached.
            await Bounds.UntilAsync(async () => StateOf(await ReadAsync(http), "approx-prefix-cache-producer").GetProperty("pools").GetProperty("ns/pool").GetProperty("pairs").GetInt64() > 0, "a prompt");
            await picker.Client.PickAsync(prompt, headers: [("x-session-id", "b")]);
            await picker.Client.PickAsync(prompt, headers: [("x-session-id", "b")]);
            var page = await ReadAsync(http);

            var timestamp = page.GetProperty("timestamp").GetString()!;
            Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?Z$", timestamp);
            Assert.InRange(DateTime.Parse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), DateTime.UnixEpoch.AddYears(50), DateTime.UnixEpoch.AddYears(500));
            Assert.Equal(["plugins", "timestamp"], page.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
            Assert.Equal("""{"name":"by-session","type":"session-affinity-filter","state":{"sessions":2}}""", RawOf(page, "by-session"));
            Assert.Equal("""{"name":"by-token","type":"session-affinity-scorer","message":"plugin does not support state collection"}""", RawOf(page, "by-token"));
            Assert.Equal("""{"name":"queue-scorer","type":"queue-scorer","message":"plugin does not support state collection"}""", RawOf(page, "queue-scorer"));
            Assert.Equal("""{"servers":{"ns/pool":1},"lruSize":7}""", StateOf(page, "no-hit-lru-scorer").GetRawText());
            Assert.True(StateOf(page, "approx-prefix-cache-producer").GetProperty("pools").GetProperty("ns/pool").GetProperty("bytes").GetInt64() > 0);
        }
        finally
        {
            await picker.DisposeAsync();
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpClient http)
    {
        using var response = await http.GetAsync(new Uri("/debug/plugins/state", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return page.RootElement.Clone();
    }

    private static JsonElement StateOf(JsonElement page, string plugin) => page.GetProperty("plugins").GetProperty(plugin).GetProperty("state");

    private static string RawOf(JsonElement page, string plugin) => page.GetProperty("plugins").GetProperty(plugin).GetRawText();
}
