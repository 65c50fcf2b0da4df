using System.Net;
using Orleans.Inference.Interop.Tests.ModelServers;

namespace Orleans.Inference.Interop.Tests.Http;

/// <summary>Requests that are answered by an <see cref="Echo"/>.</summary>
internal static class EnvoyRequests
{
    public static async Task<Echo> PostAsync(HttpClient client, string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new ByteArrayContent(body),
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(answer)}");
        return Echo.Parse(answer);
    }
}
