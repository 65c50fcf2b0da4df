using System.Net;
using Orleans.Inference.Interop.Tests.ModelServers;

namespace Orleans.Inference.Interop.Tests.Http;

/// <summary>Requests that are answered by an <see cref="Echo"/>.</summary>
internal static class EnvoyRequests
{
    public static async Task<Echo> PostAsync(HttpClient client, string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = Create(client, path, body);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(answer)}");
        return Echo.Parse(answer);
    }

    /// <summary>A small completions request that a script answers.</summary>
    public static HttpRequestMessage ForScript(HttpClient client, string script)
    {
        var request = Create(client, Bodies.CompletionsPath, Bodies.OfLength(100));
        request.Headers.Add(ScriptedModelServer.ScriptHeader, script);
        return request;
    }

    /// <summary>A request of the client's HTTP version, which a request message does not take from it.</summary>
    private static HttpRequestMessage Create(HttpClient client, string path, byte[] body) => new(HttpMethod.Post, new Uri(path, UriKind.Relative))
    {
        Content = new ByteArrayContent(body),
        Version = client.DefaultRequestVersion,
        VersionPolicy = client.DefaultVersionPolicy,
    };
}
