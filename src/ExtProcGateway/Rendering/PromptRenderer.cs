using System.Net.Http.Headers;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Rendering;

/// <summary>Asks a vLLM server for the tokens of texts.</summary>
/// <remarks>
/// Safe from any thread. After a failure nobody is asked for a second, so that a server that is down or slow delays few requests; one log line when it fails and one when it works again.
/// </remarks>
internal sealed partial class PromptRenderer(TimeProvider time, ILogger log) : IDisposable
{
    private const int LargestAnswer = 64 * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    private long _failedAt;
    private int _fails;

    /// <summary>Nobody has failed to answer just now.</summary>
    public bool IsAsked => Volatile.Read(ref _fails) == 0 || time.GetElapsedTime(Volatile.Read(ref _failedAt)) > Pause;

    /// <summary>Makes the chains of a text's tokens, and tells the request how many these are. Without an answer in time there are none. Throws nothing.</summary>
    public async Task RenderAsync(RenderOptions options, RenderRequest wanted, PrefixHashes hashes, InferenceRequest request)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        try
        {
            using var content = new ByteArrayContent(wanted.Body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await _client.PostAsync(new Uri(options.Url + wanted.Path), content, timeout.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                // What it does not like is this prompt, most likely; the model server will say so, too. 404 is another model's server.
                if ((int)answer.StatusCode is >= 500 or 404)
                {
                    Fail(options.Url, $"status {(int)answer.StatusCode}");
                }

                return;
            }

            var tokens = RenderedTokens.Hash(await answer.Content.ReadAsByteArrayAsync(timeout.Token).ConfigureAwait(false), wanted.Blocks, wanted.Seed, hashes);
            if (tokens > 0)
            {
                request.PromptTokens = tokens;
            }

            if (Interlocked.Exchange(ref _fails, 0) != 0)
            {
                Works(log, options.Url);
            }
        }
        catch (OperationCanceledException)
        {
            Fail(options.Url, $"no answer within {options.Timeout.TotalMilliseconds} ms");
        }
        catch (HttpRequestException failure)
        {
            Fail(options.Url, failure.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private void Fail(string url, string reason)
    {
        Volatile.Write(ref _failedAt, time.GetTimestamp());
        if (Interlocked.Exchange(ref _fails, 1) == 0)
        {
            Fails(log, url, reason);
        }
    }

    [LoggerMessage(3320, LogLevel.Warning, "Prompts go on without their tokens: {Url} gives none ({Reason}).")]
    private static partial void Fails(ILogger log, string url, string reason);

    [LoggerMessage(3321, LogLevel.Information, "{Url} gives the tokens of prompts again.")]
    private static partial void Works(ILogger log, string url);
}
