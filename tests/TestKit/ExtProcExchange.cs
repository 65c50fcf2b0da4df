using System.Globalization;
using System.Text;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Grpc.Core;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.TestKit;

/// <summary>One HTTP request as the picker sees it: sends the phases, reads the answers. All waiting is bounded by <see cref="Bounds.Wait"/>.</summary>
public sealed class ExtProcExchange(ExtProcStream stream, ProcessingMode.Types.BodySendMode requestBody) : IDisposable
{
    /// <summary>The stream itself, for messages that Envoy would never send.</summary>
    public ExtProcStream Stream => stream;

    /// <summary>Headers of a request as Envoy sends them for an HTTP/1.1 client.</summary>
    public static List<(string Name, string Value)> Headers(string path = "/v1/completions", string method = "POST", params IEnumerable<(string, string)> more)
    {
        return
        [
            (":authority", "model.example"), (":path", path), (":method", method), (":scheme", "http"), ("user-agent", "test"),
            ("content-type", "application/json"), ("x-forwarded-proto", "http"), ("x-request-id", Guid.NewGuid().ToString()), .. more,
        ];
    }

    /// <summary>Sends the request's headers.</summary>
    public Task SendRequestHeadersAsync(IEnumerable<(string Name, string Value)> headers, bool endOfStream = false)
        => SendAsync(ExtProcMessages.RequestHeaders(headers, endOfStream));

    /// <summary>Sends one piece of the request's body.</summary>
    public Task SendRequestBodyAsync(ReadOnlyMemory<byte> body, bool endOfStream = false)
        => SendAsync(ExtProcMessages.RequestBody(body.Span, endOfStream));

    /// <summary>Sends the request's trailers.</summary>
    public Task SendRequestTrailersAsync(params IEnumerable<(string Name, string Value)> trailers)
        => SendAsync(ExtProcMessages.RequestTrailers(trailers));

    /// <summary>Sends the response's headers.</summary>
    public Task SendResponseHeadersAsync(int status = 200, bool endOfStream = false, params IEnumerable<(string Name, string Value)> headers)
        => SendAsync(ExtProcMessages.ResponseHeaders([(":status", status.ToString(CultureInfo.InvariantCulture)), .. headers], endOfStream));

    /// <summary>Sends one piece of the response's body.</summary>
    public Task SendResponseBodyAsync(ReadOnlyMemory<byte> body, bool endOfStream = false)
        => SendAsync(ExtProcMessages.ResponseBody(body.Span, endOfStream));

    /// <summary>Sends the response's trailers.</summary>
    public Task SendResponseTrailersAsync(params IEnumerable<(string Name, string Value)> trailers)
        => SendAsync(ExtProcMessages.ResponseTrailers(trailers));

    /// <summary>Any message.</summary>
    public Task SendAsync(ProcessingRequest message) => stream.SendAsync(message, Bounds.Token());

    /// <summary>The next answer.</summary>
    /// <exception cref="InvalidOperationException">The picker has ended the stream with OK instead.</exception>
    /// <exception cref="RpcException">It has ended in another way.</exception>
    public async Task<ProcessingResponse> ReadAsync()
        => await TryReadAsync() ?? throw new InvalidOperationException("The picker has ended the stream.");

    /// <summary>The next answer; null when the picker has ended the stream with OK.</summary>
    public Task<ProcessingResponse?> TryReadAsync() => stream.ReadAsync(CancellationToken.None).WaitAsync(Bounds.Wait);

    /// <summary>
    /// The whole request phase with a JSON body, as Envoy does it in this stream's mode: FULL_DUPLEX_STREAMED sends headers, body and an empty
    /// end at once; BUFFERED sends the body, whole, when the headers are answered.
    /// </summary>
    public async Task<PickedRequest> SendRequestAsync(string json, IEnumerable<(string Name, string Value)>? headers = null)
    {
        await SendRequestHeadersAsync(headers ?? Headers());
        var body = Encoding.UTF8.GetBytes(json);
        var picked = new PickedRequest();
        if (requestBody == ProcessingMode.Types.BodySendMode.Buffered)
        {
            picked.Add(await ReadAsync());
            if (picked.Immediate is null)
            {
                await SendRequestBodyAsync(body, endOfStream: true);
            }
        }
        else
        {
            await SendRequestBodyAsync(body);
            await SendRequestBodyAsync(ReadOnlyMemory<byte>.Empty, endOfStream: true);
        }

        while (!picked.IsComplete)
        {
            picked.Add(await ReadAsync());
        }

        return picked;
    }

    /// <summary>
    /// The whole response phase: headers, the pieces of the body, an empty end; and its answers. Answers to body pieces are joined.
    /// </summary>
    public async Task<PickedResponse> SendResponseAsync(int status, IEnumerable<(string Name, string Value)> headers, params IEnumerable<string> pieces)
    {
        await SendResponseHeadersAsync(status, false, headers);
        foreach (var piece in pieces)
        {
            await SendResponseBodyAsync(Encoding.UTF8.GetBytes(piece));
        }

        await SendResponseBodyAsync(ReadOnlyMemory<byte>.Empty, endOfStream: true);
        var picked = new PickedResponse();
        while (!picked.IsComplete)
        {
            picked.Add(await ReadAsync());
        }

        return picked;
    }

    /// <summary>Half-close: what Envoy does when the client has left.</summary>
    public Task HalfCloseAsync() => stream.HalfCloseAsync(Bounds.Token());

    /// <summary>Reset: Envoy's normal end.</summary>
    public void Reset() => stream.Reset();

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
