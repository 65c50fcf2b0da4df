using System.Net.Http.Headers;
using System.Text.Json;

namespace Orleans.Inference.Simulator.Load;

/// <summary>Sends single requests and measures them.</summary>
internal sealed class LoadClient(LoadOptions options, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Uri _uri = new(options.Url, "/v1/chat/completions");

    public async Task<RequestResult> SendAsync(Conversation conversation, int turn, TimeSpan due, long start, CancellationToken cancellationToken)
    {
        var result = new RequestResult { Conversation = conversation.Index, Turn = turn, Model = conversation.Model, Due = due };
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(options.Timeout);
        try
        {
            result = await SendAsync(result, conversation.CreateBody(options), start, bound.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            var error = e is not OperationCanceledException ? e.Message : cancellationToken.IsCancellationRequested ? "stopped" : "timeout";
            result = result with { Error = error };
        }

        return result with { Latency = time.GetElapsedTime(start) - due };
    }

    public void Dispose() => _http.Dispose();

    private async Task<RequestResult> SendAsync(RequestResult result, byte[] body, long start, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        result = result with
        {
            Status = (int)response.StatusCode,
            Server = response.Headers.TryGetValues("x-simulator-server", out var servers) ? servers.First() : "",
        };
        if (!response.IsSuccessStatusCode)
        {
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return result with { Error = $"status {result.Status}" };
        }

        var parser = new AnswerParser();
        TimeSpan? first = null;
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (parser.AddLine(line))
                {
                    first ??= time.GetElapsedTime(start) - result.Due;
                }
            }

            if (!parser.IsDone)
            {
                return result with { FirstToken = first, Error = "the stream ended without [DONE]" };
            }
        }
        else
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            first = time.GetElapsedTime(start) - result.Due;
            parser.Add(text.AsMemory());
        }

        return result with
        {
            FirstToken = first,
            PromptTokens = parser.PromptTokens,
            CachedTokens = parser.CachedTokens,
            OutputTokens = parser.OutputTokens,
            Text = parser.Text,
        };
    }
}
