using System.IO.Pipelines;
using Envoy.Service.ExtProc.V3;
using Grpc.Core;
using Orleans.Inference.Simulator.ExtProc;
using Answer = Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>Reads a picker's answers to one request in order, and applies them: to the request that is forwarded, and to the response.</summary>
internal sealed class AnswerReader(ExtProcStream stream, HeaderList requestHeaders, bool hasBody, HttpResponse response)
{
    private readonly TaskCompletionSource _headersAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Pipe _requestBody = new();
    private bool _headersDone;
    private bool _bodyDone;

    /// <summary>Ends when the request's headers are answered, or never will be; <see cref="HasPick"/> says which.</summary>
    public Task HeadersAnswered => _headersAnswered.Task;

    public bool HasPick => _headersDone;

    /// <summary>Model servers to try in order: <c>ip:port</c>.</summary>
    public string[] Destinations { get; private set; } = [];

    /// <summary>The body to forward.</summary>
    public PipeReader RequestBody => _requestBody.Reader;

    /// <summary>The response's headers. Set by whoever sends them to the picker, before that.</summary>
    public HeaderList? ResponseHeaders { get; set; }

    /// <summary>Whether a body comes after <see cref="ResponseHeaders"/>. Set before them.</summary>
    public bool ResponseHasBody { get; set; } = true;

    public async Task<AnswersEnd> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await stream.ReadAsync(cancellationToken) is { } answer)
            {
                if (await ApplyAsync(answer, cancellationToken) is { } end)
                {
                    return end;
                }
            }

            return new AnswersEnd(AnswersEndKind.Closed);
        }
        catch (RpcException e)
        {
            return new AnswersEnd(AnswersEndKind.Failed, Failure: $"{e.StatusCode}: {e.Status.Detail}");
        }
        finally
        {
            _headersAnswered.TrySetResult();
            if (!_bodyDone)
            {
                // Half a body must not look like a whole one.
                await _requestBody.Writer.CompleteAsync(new IOException("The endpoint picker's answer ended within the body."));
            }
        }
    }

    private async ValueTask<AnswersEnd?> ApplyAsync(ProcessingResponse answer, CancellationToken cancellationToken)
    {
        switch (answer.ResponseCase)
        {
            case Answer.ImmediateResponse:
                return new AnswersEnd(AnswersEndKind.Immediate, answer.ImmediateResponse);
            case Answer.RequestHeaders when !_headersDone:
                await ApplyRequestHeadersAsync(answer);
                return null;
            case Answer.RequestBody when _headersDone && hasBody && !_bodyDone:
                return await ApplyRequestBodyAsync(answer.RequestBody, cancellationToken);
            case Answer.RequestTrailers when _headersDone && hasBody:
                await CompleteRequestBodyAsync();
                return null;
            case Answer.ResponseHeaders when ResponseHeaders is { } headers && !response.HasStarted:
                return await ApplyResponseHeadersAsync(answer.ResponseHeaders, headers, cancellationToken);
            case Answer.ResponseBody when response.HasStarted:
                return await ApplyResponseBodyAsync(answer.ResponseBody, cancellationToken);
            case Answer.ResponseTrailers when response.HasStarted:
                return new AnswersEnd(AnswersEndKind.Complete);
            default:
                return Spurious(answer);
        }
    }

    private async ValueTask ApplyRequestHeadersAsync(ProcessingResponse answer)
    {
        requestHeaders.Apply(answer.RequestHeaders.Response?.HeaderMutation);
        Destinations = ExtProcMessages.DestinationOf(answer)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        _headersDone = true;
        if (!hasBody)
        {
            await CompleteRequestBodyAsync();
        }

        _headersAnswered.TrySetResult();
    }

    private async ValueTask<AnswersEnd?> ApplyRequestBodyAsync(BodyResponse answer, CancellationToken cancellationToken)
    {
        if (answer.Response?.BodyMutation?.StreamedResponse is not { } streamed)
        {
            return new AnswersEnd(AnswersEndKind.Failed, Failure: "a body answer without a streamed_response in FULL_DUPLEX_STREAMED mode");
        }

        requestHeaders.Apply(answer.Response.HeaderMutation);
        if (streamed.Body.Length > 0)
        {
            await _requestBody.Writer.WriteAsync(streamed.Body.Memory, cancellationToken);
        }

        if (streamed.EndOfStream)
        {
            await CompleteRequestBodyAsync();
        }

        return null;
    }

    private async ValueTask CompleteRequestBodyAsync()
    {
        _bodyDone = true;
        await _requestBody.Writer.CompleteAsync();
    }

    private async ValueTask<AnswersEnd?> ApplyResponseHeadersAsync(HeadersResponse answer, HeaderList headers, CancellationToken cancellationToken)
    {
        headers.Apply(answer.Response?.HeaderMutation);
        ClientResponse.SetHead(response, headers);
        await response.StartAsync(cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        return ResponseHasBody ? null : new AnswersEnd(AnswersEndKind.Complete);
    }

    private async ValueTask<AnswersEnd?> ApplyResponseBodyAsync(BodyResponse answer, CancellationToken cancellationToken)
    {
        if (answer.Response?.BodyMutation?.StreamedResponse is not { } streamed)
        {
            return new AnswersEnd(AnswersEndKind.Failed, Failure: "a body answer without a streamed_response in FULL_DUPLEX_STREAMED mode");
        }

        if (streamed.Body.Length > 0)
        {
            await response.Body.WriteAsync(streamed.Body.Memory, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }

        return streamed.EndOfStream ? new AnswersEnd(AnswersEndKind.Complete) : null;
    }

    private static AnswersEnd Spurious(ProcessingResponse answer)
        => new(AnswersEndKind.Failed, Failure: $"spurious answer {answer.ResponseCase}");
}
