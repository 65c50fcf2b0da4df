using System.Text;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>The request's half of an ext_proc call: gathers headers and body, decides once the body has ended, and gives all the answers to it.</summary>
/// <remarks>
/// In order: <see cref="OnHeaders"/>, <see cref="OnBody"/>, <see cref="End"/>, <see cref="RequestReading.Start"/>, <see cref="Decide"/>, <see cref="Answer"/>.
/// Everything runs in the turn of the call's connection but the reading of a large body.
/// </remarks>
internal sealed class RequestPhase
{
    /// <summary>In STREAMED mode Envoy stops when its buffer is full of unanswered pieces, 1 MiB by default: a larger body is not waited for.</summary>
    private const long StreamedBodyLimit = 512 * 1024;

    private readonly ExtProcCall _owner;
    private readonly PoolState? _pool;
    private readonly ExtProcServices _services;
    private readonly InferenceRequest _request = new();
    private readonly ReceivedHeaders _headers;
    private readonly RequestReading _reading;
    private readonly RequestAnswers _answers;
    private byte[] _newRequestId = [];
    private byte[] _subset = [];
    private bool _started;
    private long _expectedSince;
    private bool _isAbandoned;
    private RequestHooks? _hooks;
    private ModelServer? _server;

    public RequestPhase(ExtProcCall owner, GrpcServerCall call, PoolState? pool, ExtProcServices services)
    {
        _owner = owner;
        _pool = pool;
        _services = services;
        _headers = new ReceivedHeaders(services.Held);
        _reading = new RequestReading(this, call, pool, services);
        _answers = new RequestAnswers(owner, call);
    }

    /// <summary>The request's id, for the log.</summary>
    public string RequestId => _request.RequestId;

    /// <summary>What the decision knows of the request.</summary>
    public InferenceRequest Request => _request;

    /// <summary>The request's headers.</summary>
    public ReceivedHeaders Headers => _headers;

    /// <summary>What the path decided; null before the headers, and where no parser takes the path.</summary>
    public RequestRoute? Route => _reading.Route;

    /// <summary>The request has no body: any server takes it, and no plugin has a part in it.</summary>
    public bool IsBodyless { get; private set; }

    /// <summary>A server has been picked.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>The body is complete and being read outside the turn.</summary>
    public bool IsDeciding => _reading.IsUnderWay && !_isAbandoned;

    /// <summary>The request's headers: what they ask for, and whether a body is waited for.</summary>
    public void OnHeaders(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> metadata)
    {
        if (_started)
        {
            _owner.Fail("request headers came twice");
            return;
        }

        _started = true;
        if (!HttpPart.TryParseHeaders(payload, out var headers) || !_headers.TryRead(headers.Content, out var path))
        {
            _owner.Fail("malformed HttpHeaders");
            return;
        }

        _request.Objectives = _headers.Objectives;
        ReadRequestId();
        var agent = _services.AgentIdentity?.Find(_headers);
        if (agent is not null)
        {
            _request.SetNote("agent-identity", agent);
        }

        _request.FairnessId = _headers.FairnessId.Length > 0 ? _headers.FairnessId : agent ?? WellKnown.DefaultFlow;
        _owner.Trace = _services.Tracing.Start(_headers.TraceParent, _headers.TraceState);
        KeepSubset(metadata);
        if (_services.IsOverloaded)
        {
            _owner.Refuse(Refusal.TooManyStreams);
        }
        else if (headers.EndOfStream)
        {
            _reading.Body.End(isWhole: true);
            IsBodyless = true;
            PickAny();
        }
        else if (_services.Held.IsExceeded)
        {
            _owner.Refuse(Refusal.TooMuchHeld);
        }
        else
        {
            Expect(path);
        }
    }

    /// <summary>A body follows, unless the gateway keeps it to itself.</summary>
    private void Expect(ReadOnlySpan<byte> path)
    {
        _reading.Resolve(path);
        if (_owner.IsRequestBuffered)
        {
            // Envoy sends no body before this answer; the destination follows with the body's.
            _owner.ContinueToBody();
        }
        else if (_owner.RequestMode == BodySendMode.None || (_owner.RequestMode == BodySendMode.Streamed && !_owner.BodyComesUnasked))
        {
            // The body is not sent, or not before the headers have gone on: their answer is the last that can name a server.
            _reading.Body.End(isWhole: false);
            DecideUnread();
            return;
        }

        _expectedSince = _services.Time.GetTimestamp();
        _services.Bodies.Touch(_owner);
    }

    private void ReadRequestId()
    {
        _request.RequestId = _headers.RequestId;
        if (_request.RequestId.Length == 0)
        {
            _request.RequestId = Guid.NewGuid().ToString();
            _newRequestId = Encoding.ASCII.GetBytes(_request.RequestId);
        }
    }

    /// <summary>The gateway names the request's subset with its headers, or with the end of its body, which counts then.</summary>
    private void KeepSubset(ReadOnlySpan<byte> metadata)
    {
        if (MetadataReader.TryFind(metadata, WellKnown.SubsetNamespace, WellKnown.SubsetKey, out var subset))
        {
            _services.Held.Release(_subset.Length);
            _subset = subset.ToArray();
            _services.Held.Hold(_subset.Length);
        }
    }

    /// <summary>Buffers a piece of the body; true when <paramref name="rented"/> became part of it.</summary>
    public bool OnBody(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> metadata, byte[]? rented)
    {
        if (!HttpPart.TryParseBody(payload, out var part))
        {
            _owner.Fail("malformed HttpBody");
            return false;
        }

        if (!_started)
        {
            _owner.Fail("a request body came before the request's headers");
            return false;
        }

        if (_reading.Body.HasEnded)
        {
            // Envoy may repeat the last piece of a body of about 1 MB: it is there already. In STREAMED mode every piece waits for its answer.
            PassLateMessage();
            return false;
        }

        if (_reading.Body.Length + part.Content.Length > _services.Options.MaxRequestBodySize)
        {
            _owner.Refuse(Refusal.TooLarge(_services.Options.MaxRequestBodySize));
            return false;
        }

        KeepSubset(metadata);
        if (!_reading.Body.TryKeep(part.Content, rented, out var adopted))
        {
            _owner.Refuse(Refusal.TooMuchHeld);
            return false;
        }

        // In BUFFERED mode the one message is the whole body, also where trailers follow it: Envoy sends those after the body's answer only.
        if (part.EndOfStream || _owner.IsRequestBuffered)
        {
            _reading.Body.TrailersFollow = !part.EndOfStream;
            End(isWhole: part.EndOfStream || _owner.RequestMode == BodySendMode.Buffered);
        }
        else if (_owner.RequestMode == BodySendMode.Streamed && _reading.Body.Length > StreamedBodyLimit)
        {
            End(isWhole: false);
        }
        else if (_services.IsOverdue(_expectedSince))
        {
            _owner.Refuse(Refusal.BodyTimedOut);
        }
        else
        {
            _services.Bodies.Touch(_owner);
        }

        return adopted;
    }

    /// <summary>The request's trailers.</summary>
    public void OnTrailers()
    {
        if (!_started)
        {
            _owner.Fail("request trailers came before the request's headers");
        }
        else if (IsDecided)
        {
            _owner.Continue(ProcessingKind.RequestTrailers);
        }
        else
        {
            // Trailers end the body where no body message does; their answer follows the body's.
            _reading.Body.TrailersCame = true;
            if (!_reading.Body.HasEnded)
            {
                End(isWhole: true);
            }
        }
    }

    /// <summary>A response has begun. Without a decision it is the gateway's own, such as a 413, and the rest of the request is not asked about any more.</summary>
    public void OnResponse()
    {
        if (_started && !IsDecided && !_isAbandoned)
        {
            _isAbandoned = true;
            _reading.Body.End(isWhole: false);
            Release();
        }
    }

    /// <summary>The body of a request did not go on for too long.</summary>
    public void OnTimeout()
    {
        if (!_reading.Body.HasEnded)
        {
            _owner.Refuse(Refusal.BodyTimedOut);
        }
    }

    /// <summary>There is no more of the body than this: has it read, then decides.</summary>
    private void End(bool isWhole)
    {
        _reading.Body.End(isWhole);
        _services.Bodies.Remove(_owner);
        _request.BodySize = _reading.Body.Length;
        if (isWhole)
        {
            _reading.Start();
        }
        else
        {
            DecideUnread();
        }
    }

    /// <summary>Settles the model, picks, and gives all answers of the request phase.</summary>
    internal void Decide()
    {
        if (_owner.IsOver || _isAbandoned)
        {
            return;
        }

        if (_reading.Error is { } error)
        {
            _owner.Refuse(Refusal.BadRequest(error));
            return;
        }

        if (_reading.Route!.NeedsModel && _request.TargetModel.Length == 0)
        {
            _owner.Refuse(Refusal.NoModel);
            return;
        }

        Pick();
    }

    /// <summary>Picks for a body that is not known, or not as a whole.</summary>
    private void DecideUnread()
    {
        _reading.Classify();
        Pick();
    }

    private void Pick()
    {
        _request.Headers = _headers;
        _request.OnlyIfCached = _headers.OnlyIfCached;
        _owner.Trace.StartOrchestration(_request);
        if (_reading.Rule is { } rule)
        {
            _owner.Figures.Rewritten(rule, _request);
        }

        var since = _owner.Figures.Deciding(_request);
        Refusal? refusal;
        Decision decision;
        using (_pool is null ? default : _pool.Memory.EnterDecision(_pool.View))
        {
            refusal = _services.Director.Pick(_pool, _request, _subset, _reading.Prompt.Hashes, _reading.Prompt.TokenHashes, out decision);
            if (refusal is null)
            {
                _owner.Bookings.Book(_services.Director, decision, _request, _owner.Figures.FlowOf(_request));
            }
        }

        if (refusal is not null)
        {
            _owner.Figures.NotPicked(since, _request, refusal, decision);
            _owner.Trace.EndOrchestration(_request, refusal.Message);
            _owner.Refuse(refusal);
            return;
        }

        _owner.Trace.EndOrchestration(_request, refused: null);

        IsDecided = true;
        _hooks = decision.Hooks;
        _server = decision.View.Servers[decision.Primary];
        _services.Metrics.Picked();
        _owner.Figures.Picked(since, _request, decision);
        if (decision.Edits?.Disaggregation is { } stages)
        {
            _owner.Figures.Disaggregated(stages, _request);
        }

        if (!_owner.Observed)
        {
            Answer(decision);
        }

        _owner.Figures.Forwarded(_request);
        _reading.Prompt.Remember(_pool!, decision);
        Release();
        if (_reading.Route is { SkipsResponse: true })
        {
            _owner.Leave();
        }
        else
        {
            _owner.Answered();
        }
    }

    /// <summary>Headers of the response that plugins set; null where there are none. Valid until the thread's next response.</summary>
    public HeaderEdits? EditResponse() => _hooks is null ? null : _services.Director.EditResponse(_hooks, _request, _server!);

    /// <summary>A request without a body has nothing to wait for.</summary>
    private void PickAny()
    {
        if (_services.Director.PickAny(_pool, out var decision) is { } refusal)
        {
            _owner.Refuse(refusal);
            return;
        }

        IsDecided = true;
        _services.Metrics.Picked();
        if (!_owner.Observed)
        {
            _answers.GiveBodyless(decision, _newRequestId);
        }

        Release();
    }

    /// <summary>Puts the target model in the body, and gives all answers.</summary>
    private void Answer(in Decision decision)
    {
        var edited = _reading.Parsed.CanEditModel && _request.TargetModel.Length > 0 && _request.TargetModel != _reading.Parsed.Model;
        if (edited)
        {
            _reading.Body.ReplaceModel(_reading.Parsed, _request.TargetModel);
        }

        _answers.Give(decision, _newRequestId, _headers.Map, _reading.Body, edited);
    }

    /// <summary>A message of a body that has ended: in STREAMED mode it waits for its answer all the same.</summary>
    private void PassLateMessage()
    {
        if (_owner.RequestMode != BodySendMode.Streamed)
        {
            return;
        }

        if (IsDecided)
        {
            _owner.Continue(ProcessingKind.RequestBody);
        }
        else
        {
            _reading.Body.CountLateMessage();
        }
    }

    /// <summary>Gives back what the request holds; a body that is being parsed is left to its reader. May be called again.</summary>
    public void Release()
    {
        _services.Bodies.Remove(_owner);
        _request.Headers = null;
        _headers.Release();
        _services.Held.Release(_subset.Length);
        _subset = [];
        _reading.Release();
    }
}
