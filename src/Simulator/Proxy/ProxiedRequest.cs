using Grpc.Core;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>One request of a client: asked about, forwarded, answered.</summary>
/// <remarks>
/// Three things go on at once, as in Envoy: the request is sent to the picker, the picker's answers are applied, and the model server's response
/// is sent to the picker.
/// </remarks>
internal sealed class ProxiedRequest : IDisposable
{
    // Time for the picker to end its stream when the client has left.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly HttpContext _context;
    private readonly ExtProcStream _stream;
    private readonly Upstream _upstream;
    private readonly HeaderList _headers;
    private readonly bool _hasBody;
    private readonly AnswerReader _answers;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _upstreamEnd;
    private Task _reading = Task.CompletedTask;

    public ProxiedRequest(HttpContext context, ExtProcStream stream, Upstream upstream)
    {
        _context = context;
        _stream = stream;
        _upstream = upstream;
        _headers = RequestSender.ReadHeaders(context.Request);
        _hasBody = RequestSender.HasBody(context.Request);

        // What is sent to the picker stays as it is; answers change a copy.
        var forwarded = new HeaderList();
        foreach (var (name, value) in _headers.All)
        {
            forwarded.Add(name, value);
        }

        Forwarded = forwarded;
        _answers = new AnswerReader(stream, forwarded, _hasBody, context.Response);
        _upstreamEnd = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, context.RequestAborted);
    }

    private HeaderList Forwarded { get; }

    /// <returns>What went wrong with the picker or the model server; null where nothing did.</returns>
    public async Task<string?> RunAsync()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = _context.RequestAborted.Register(() => left.TrySetResult());
        var sending = SendRequestAsync(left);
        var answering = AnswerAsync();
        await Task.WhenAny(answering, left.Task);
        if (!answering.IsCompletedSuccessfully && left.Task.IsCompleted)
        {
            await SayFarewellAsync();
        }

        await _end.CancelAsync();
        _stream.Reset();
        await IgnoreEndAsync(sending);
        await IgnoreEndAsync(answering);
        return answering.IsCompletedSuccessfully ? await answering : null;
    }

    public void Dispose()
    {
        _upstreamEnd.Dispose();
        _end.Dispose();
    }

    /// <summary>Sends the request. A client that breaks off within its body, or breaks the protocol there, has left.</summary>
    private async Task SendRequestAsync(TaskCompletionSource left)
    {
        try
        {
            await RequestSender.SendAsync(_stream, _context.Request, _headers, _end.Token);
        }
        catch (IOException) when (!_end.IsCancellationRequested)
        {
            left.TrySetResult();
        }
    }

    private async Task SayFarewellAsync()
    {
        try
        {
            await _stream.HalfCloseAsync(_end.Token);
            await _reading.WaitAsync(Farewell);
        }
        catch (Exception e) when (e is TimeoutException or RpcException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // The stream is reset in any case.
        }
    }

    private async Task<string?> AnswerAsync()
    {
        var reading = _answers.ReadAsync(_end.Token);
        _reading = reading;
        await _answers.HeadersAnswered;
        if (!_answers.HasPick)
        {
            return await EndAsync(await reading);
        }

        var responding = RespondAsync(reading);
        if (await Task.WhenAny(reading, responding) == responding && await responding is { } broken)
        {
            // The model server broke off: so does the client's connection.
            _context.Abort();
            return broken;
        }

        var end = await reading;
        if (end.Kind == AnswersEndKind.Closed && _answers.ResponseHeaders is null)
        {
            return await responding;
        }

        return await EndAsync(end);
    }

    /// <returns>What went wrong with the model server once its response had begun.</returns>
    private async Task<string?> RespondAsync(Task<AnswersEnd> reading)
    {
        using var response = await _upstream.SendAsync(_answers.Destinations, Forwarded, _hasBody ? _answers.RequestBody : null, _upstreamEnd.Token);
        var headers = response.ReadHeaders();
        try
        {
            if (reading.IsCompleted)
            {
                // A picker that has failed is dealt with by who waits for its answers.
                if ((await reading).Kind == AnswersEndKind.Closed)
                {
                    await ResponseSender.PassOnAsync(_context.Response, response, headers, _upstreamEnd.Token);
                }
            }
            else
            {
                _answers.ResponseHasBody = response.HasBody(_context.Request.Method);
                _answers.ResponseHeaders = headers;
                await ResponseSender.SendAsync(
                    _stream, response, headers, _answers.ResponseHasBody, string.Join(',', _answers.Destinations), _upstreamEnd.Token, _end.Token);
            }

            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"{response.ServedBy} broke off: {e.Message}";
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException && !_end.IsCancellationRequested)
        {
            // The picker's stream is over; the reader of its answers knows why.
            await reading;
            return null;
        }
    }

    private async Task<string?> EndAsync(AnswersEnd end)
    {
        switch (end.Kind)
        {
            case AnswersEndKind.Complete:
                return null;
            case AnswersEndKind.Immediate:
                await ClientResponse.WriteImmediateAsync(_context, end.Immediate!);
                return null;
            case AnswersEndKind.Closed:
                await ClientResponse.WriteErrorAsync(_context, StatusCodes.Status500InternalServerError, "the endpoint picker ended its stream too early");
                return "it ended its stream too early";
            default:
                await ClientResponse.WriteErrorAsync(_context, StatusCodes.Status500InternalServerError, $"the endpoint picker failed: {end.Failure}");
                return end.Failure;
        }
    }

    private static async Task IgnoreEndAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException or IOException or InvalidOperationException)
        {
            // The request is over; what it left unfinished ends with it. IOException: the client's connection; InvalidOperationException: a write
            // to a stream that has been reset.
        }
    }
}
