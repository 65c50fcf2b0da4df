using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>Sends requests to model servers.</summary>
internal sealed class Upstream : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    /// <summary>Sends the request to the first destination that can be connected to.</summary>
    public async Task<UpstreamResponse> SendAsync(IReadOnlyList<string> destinations, HeaderList headers, PipeReader? body, CancellationToken cancellationToken)
    {
        if (destinations.Count == 0)
        {
            return UpstreamResponse.Local(StatusCodes.Status503ServiceUnavailable, "the endpoint picker named no destination");
        }

        var failures = new StringBuilder();
        foreach (var destination in destinations)
        {
            if (!Uri.TryCreate($"http://{destination}{headers.Find(":path")}", UriKind.Absolute, out var uri))
            {
                failures.Append(CultureInfo.InvariantCulture, $" {destination}: not an address.");
                continue;
            }

            var content = body is null ? null : new PickedContent(body);
            using var request = CreateRequest(uri, headers, content);
            try
            {
                return new UpstreamResponse(await _client.SendAsync(request, cancellationToken), destination);
            }
            catch (HttpRequestException e)
            {
                failures.Append(CultureInfo.InvariantCulture, $" {destination}: {e.Message}");
                if (content is { HasBegun: true })
                {
                    break;
                }
            }
        }

        return UpstreamResponse.Local(StatusCodes.Status503ServiceUnavailable, $"no model server could be reached:{failures}");
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage CreateRequest(Uri uri, HeaderList headers, PickedContent? content)
    {
        var request = new HttpRequestMessage(new HttpMethod(headers.Find(":method") ?? "GET"), uri) { Content = content };
        if (headers.Find(":authority") is { Length: > 0 } authority)
        {
            request.Headers.TryAddWithoutValidation("host", authority);
        }

        foreach (var (name, value) in headers.Forwarded)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }
}
