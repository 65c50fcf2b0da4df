using System.Text;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>The request's half of an ext_proc call: gathers headers and body, decides once the body has ended, and gives all the answers to it.</summary>
/// <remarks>
/// In order: <see cref="OnHeaders"/>, <see cref="OnBody"/>, <see cref="End"/>, <see cref="Decide"/>, <see cref="AnswerRequest"/>. Everything runs in the turn
/// of the call's connection but the parsing of a large body.
/// </remarks>
internal sealed class RequestPhase(ExtProcCall owner, GrpcServerCall call, PoolState? pool, ExtProcServices services)
{
    /// <summary>
    /// Bodies from this size are parsed on the thread pool: at about 1 GB/s a megabyte takes a millisecond, in which the other streams of the
    /// connection would wait.
    /// </summary>
    private const long ParsedInTurn = 256 * 1024;

    private readonly InferenceRequest _request = new();
    private readonly BodyBuffer _body = new();
    private RequestRoute? _route;
    private string? _noParser;
    private byte[] _newRequestId = [];
    private bool _started;
    private bool _ended;
    private bool _endedByTrailers;
    private bool _decided;
    private ParsedRequest _parsed;
    private int _parsing;

    /// <summary>The request's id, for the log.</summary>
    public string RequestId => _request.RequestId;

    public void OnHeaders(ReadOnlySpan<byte> payload)
    {
        if (_started)
        {
            owner.Fail("request headers came twice");
            return;
        }

        _started = true;
        if (!HttpPart.TryParseHeaders(payload, out var headers) || !TryReadHeaders(headers.Content))
        {
            owner.Fail("malformed HttpHeaders");
        }
        else if (headers.EndOfStream)
        {
            _ended = true;
            PickAny();
        }
        else if (owner.RequestMode is BodySendMode.Buffered or BodySendMode.BufferedPartial)
        {
            // Envoy sends no body before this answer; the destination follows with the body's.
            owner.Continue(ProcessingKind.RequestHeaders);
        }
        else if (owner.RequestMode == BodySendMode.None)
        {
            _ended = true;
            PickAny();
        }
    }

    private bool TryReadHeaders(ReadOnlySpan<byte> map)
    {
        var headers = new HeaderMapReader(map);
        var path = RequestRoutes.DefaultPath;
        while (headers.TryRead(out var key, out var value))
        {
            if (Ascii.EqualsIgnoreCase(key, ":path"u8))
            {
                path = value;
            }
            else if (Ascii.EqualsIgnoreCase(key, WellKnown.RequestIdHeader))
            {
                _request.RequestId = Encoding.UTF8.GetString(value);
            }
        }

        _route = services.Routes.Resolve(path);
        _noParser = _route is null ? RequestRoutes.NoParser(path) : null;
        if (_request.RequestId.Length == 0)
        {
            _request.RequestId = Guid.NewGuid().ToString();
            _newRequestId = Encoding.ASCII.GetBytes(_request.RequestId);
        }

        return !headers.Malformed;
    }

    /// <summary>Buffers a piece of the body; true when <paramref name="rented"/> became part of it.</summary>
    public bool OnBody(ReadOnlySpan<byte> payload, byte[]? rented)
    {
        if (!HttpPart.TryParseBody(payload, out var part))
        {
            owner.Fail("malformed HttpBody");
            return false;
        }

        if (!_started)
        {
            owner.Fail("a request body came before the request's headers");
            return false;
        }

        if (_ended)
        {
            return false; // Envoy may repeat the last piece of a body of about 1 MB: it is there already
        }

        if (_body.Length + part.Content.Length > services.Options.MaxRequestBodySize)
        {
            owner.Refuse(Refusal.TooLarge(services.Options.MaxRequestBodySize));
            return false;
        }

        var adopted = false;
        if (rented is not null && part.Content.Length >= ExtProcCall.AdoptedMessage / 2)
        {
            rented.AsSpan().Overlaps(part.Content, out var offset);
            _body.Adopt(rented, offset, part.Content.Length);
            adopted = true;
        }
        else
        {
            _body.Append(part.Content);
        }

        // In BUFFERED mode the one message is the whole body, also where trailers follow it: Envoy sends those after the body's answer only.
        if (part.EndOfStream || owner.RequestMode is BodySendMode.Buffered or BodySendMode.BufferedPartial)
        {
            End();
        }

        return adopted;
    }

    public void OnTrailers()
    {
        if (!_started)
        {
            owner.Fail("request trailers came before the request's headers");
        }
        else if (_decided)
        {
            owner.Continue(ProcessingKind.RequestTrailers);
        }
        else
        {
            // Trailers end the body where no body message does; their answer follows the body's.
            _endedByTrailers = true;
            if (!_ended)
            {
                End();
            }
        }
    }

    /// <summary>The body is whole: parse it, here or on the thread pool, then decide.</summary>
    private void End()
    {
        _ended = true;
        _request.BodySize = _body.Length;
        if (_route is not { ReadsBody: true })
        {
            Decide();
        }
        else if (_body.Length < ParsedInTurn)
        {
            _parsed = _route.Parse(_body.Content);
            Decide();
        }
        else
        {
            Volatile.Write(ref _parsing, (int)Parsing.Running);
            ThreadPool.UnsafeQueueUserWorkItem(static phase => phase.ParseOutsideTheTurn(), this, preferLocal: false);
        }
    }

    private void ParseOutsideTheTurn()
    {
        _parsed = _route!.Parse(_body.Content);
        if (Interlocked.CompareExchange(ref _parsing, (int)Parsing.No, (int)Parsing.Running) == (int)Parsing.Running)
        {
            call.Post(static phase => phase.Decide(), this);
        }
        else
        {
            _body.Release(); // the call ended meanwhile and left the body to its reader
        }
    }

    /// <summary>Picks, and gives all answers of the request phase.</summary>
    private void Decide()
    {
        if (owner.IsOver)
        {
            return;
        }

        if ((_noParser ?? _parsed.Error) is { } error)
        {
            owner.Refuse(Refusal.BadRequest(error));
            return;
        }

        if (_route is { NeedsModel: true } && _parsed.Model.Length == 0)
        {
            owner.Refuse(Refusal.NoModel);
            return;
        }

        _request.TargetModel = _parsed.Model;
        if (services.Director.Pick(pool, _request, out var destination) is { } refusal)
        {
            owner.Refuse(refusal);
            return;
        }

        _decided = true;
        services.Metrics.Picked();
        if (!owner.Observed)
        {
            AnswerRequest(destination);
        }

        _body.Release();
    }

    private void AnswerRequest(ReadOnlySpan<byte> destination)
    {
        if (owner.RequestMode is BodySendMode.Buffered or BodySendMode.BufferedPartial)
        {
            // The body goes on as it came, so its length stands.
            ProcessingAnswers.Destination(call, ProcessingKind.RequestBody, destination, _newRequestId, contentLength: 0);
        }
        else
        {
            ProcessingAnswers.Destination(call, ProcessingKind.RequestHeaders, destination, _newRequestId, _body.Length);
            ProcessingAnswers.Body(call, ProcessingKind.RequestBody, _body.Content, endOfStream: !_endedByTrailers);
        }

        if (_endedByTrailers)
        {
            ProcessingAnswers.Continue(call, ProcessingKind.RequestTrailers);
        }
    }

    /// <summary>A request without a body has nothing to wait for.</summary>
    private void PickAny()
    {
        if (services.Director.PickAny(pool, out var destination) is { } refusal)
        {
            owner.Refuse(refusal);
            return;
        }

        _decided = true;
        services.Metrics.Picked();
        if (!owner.Observed)
        {
            ProcessingAnswers.Destination(call, ProcessingKind.RequestHeaders, destination, _newRequestId, contentLength: 0);
        }
    }

    /// <summary>Gives the body back, unless it is being parsed: then its reader does.</summary>
    public void Release()
    {
        if (Interlocked.CompareExchange(ref _parsing, (int)Parsing.Abandoned, (int)Parsing.Running) != (int)Parsing.Running)
        {
            _body.Release();
        }
    }

    /// <summary>Who gives the body back while it is parsed outside the turn.</summary>
    private enum Parsing
    {
        No,
        Running,
        Abandoned,
    }
}
