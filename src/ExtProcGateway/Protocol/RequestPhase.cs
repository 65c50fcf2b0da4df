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
/// In order: <see cref="OnHeaders"/>, <see cref="OnBody"/>, <see cref="End"/>, <see cref="Decide"/>, <see cref="Answer"/>. Everything runs in the turn
/// of the call's connection but the parsing of a large body.
/// </remarks>
internal sealed class RequestPhase(ExtProcCall owner, GrpcServerCall call, PoolState? pool, ExtProcServices services)
{
    /// <summary>
    /// Bodies from this size are parsed on the thread pool: at about 1 GB/s a megabyte takes a millisecond, in which the other streams of the
    /// connection would wait.
    /// </summary>
    private const long ParsedInTurn = 256 * 1024;

    /// <summary>In STREAMED mode Envoy stops when its buffer is full of unanswered pieces, 1 MiB by default: a larger body is not waited for.</summary>
    private const long StreamedBodyLimit = 512 * 1024;

    private readonly InferenceRequest _request = new();
    private readonly ReceivedHeaders _headers = new(services.Held);
    private readonly RequestAnswers _answers = new(owner, call);
    private ReceivedBody _body = new(services.Held);
    private RequestRoute? _route;
    private string? _noRoute;
    private byte[] _newRequestId = [];
    private byte[] _subset = [];
    private bool _started;
    private long _expectedSince;
    private bool _isAbandoned;
    private ParsedRequest _parsed;
    private RequestPrompt _prompt = new(services);
    private string? _rule;
    private RequestHooks? _hooks;
    private ModelServer? _server;
    private int _parsing;

    /// <summary>The request's id, for the log.</summary>
    public string RequestId => _request.RequestId;

    /// <summary>What the decision knows of the request.</summary>
    public InferenceRequest Request => _request;

    /// <summary>What the path decided; null before the headers, and where no parser takes the path.</summary>
    public RequestRoute? Route => _route;

    /// <summary>The request has no body: any server takes it, and no plugin has a part in it.</summary>
    public bool IsBodyless { get; private set; }

    /// <summary>A server has been picked.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>The body is complete and being parsed outside the turn.</summary>
    public bool IsDeciding { get; private set; }

    /// <summary>The request's headers: what they ask for, and whether a body is waited for.</summary>
    public void OnHeaders(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> metadata)
    {
        if (_started)
        {
            owner.Fail("request headers came twice");
            return;
        }

        _started = true;
        if (!HttpPart.TryParseHeaders(payload, out var headers) || !_headers.TryRead(headers.Content, out var path))
        {
            owner.Fail("malformed HttpHeaders");
            return;
        }

        _request.Objectives = _headers.Objectives;
        ReadRequestId();
        var agent = services.AgentIdentity?.Find(_headers);
        if (agent is not null)
        {
            _request.SetNote("agent-identity", agent);
        }

        _request.FairnessId = _headers.FairnessId.Length > 0 ? _headers.FairnessId : agent ?? WellKnown.DefaultFlow;
        owner.Trace = services.Tracing.Start(_headers.TraceParent, _headers.TraceState);
        KeepSubset(metadata);
        if (services.IsOverloaded)
        {
            owner.Refuse(Refusal.TooManyStreams);
        }
        else if (headers.EndOfStream)
        {
            _body.End(isWhole: true);
            IsBodyless = true;
            PickAny();
        }
        else if (services.Held.IsExceeded)
        {
            owner.Refuse(Refusal.TooMuchHeld);
        }
        else
        {
            Expect(path);
        }
    }

    /// <summary>A body follows, unless the gateway keeps it to itself.</summary>
    private void Expect(ReadOnlySpan<byte> path)
    {
        _route = services.Routes.Resolve(path);
        _noRoute = _route is null ? RequestRoutes.NoParser(path) : null;
        if (owner.IsRequestBuffered)
        {
            // Envoy sends no body before this answer; the destination follows with the body's.
            owner.ContinueToBody();
        }
        else if (owner.RequestMode == BodySendMode.None || (owner.RequestMode == BodySendMode.Streamed && !owner.BodyComesUnasked))
        {
            // The body is not sent, or not before the headers have gone on: their answer is the last that can name a server.
            _body.End(isWhole: false);
            DecideUnread();
            return;
        }

        _expectedSince = services.Time.GetTimestamp();
        services.Bodies.Touch(owner);
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
            services.Held.Release(_subset.Length);
            _subset = subset.ToArray();
            services.Held.Hold(_subset.Length);
        }
    }

    /// <summary>Buffers a piece of the body; true when <paramref name="rented"/> became part of it.</summary>
    public bool OnBody(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> metadata, byte[]? rented)
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

        if (_body.HasEnded)
        {
            // Envoy may repeat the last piece of a body of about 1 MB: it is there already. In STREAMED mode every piece waits for its answer.
            PassLateMessage();
            return false;
        }

        if (_body.Length + part.Content.Length > services.Options.MaxRequestBodySize)
        {
            owner.Refuse(Refusal.TooLarge(services.Options.MaxRequestBodySize));
            return false;
        }

        KeepSubset(metadata);
        if (!_body.TryKeep(part.Content, rented, out var adopted))
        {
            owner.Refuse(Refusal.TooMuchHeld);
            return false;
        }

        // In BUFFERED mode the one message is the whole body, also where trailers follow it: Envoy sends those after the body's answer only.
        if (part.EndOfStream || owner.IsRequestBuffered)
        {
            _body.TrailersFollow = !part.EndOfStream;
            End(isWhole: part.EndOfStream || owner.RequestMode == BodySendMode.Buffered);
        }
        else if (owner.RequestMode == BodySendMode.Streamed && _body.Length > StreamedBodyLimit)
        {
            End(isWhole: false);
        }
        else if (services.IsOverdue(_expectedSince))
        {
            owner.Refuse(Refusal.BodyTimedOut);
        }
        else
        {
            services.Bodies.Touch(owner);
        }

        return adopted;
    }

    /// <summary>The request's trailers.</summary>
    public void OnTrailers()
    {
        if (!_started)
        {
            owner.Fail("request trailers came before the request's headers");
        }
        else if (IsDecided)
        {
            owner.Continue(ProcessingKind.RequestTrailers);
        }
        else
        {
            // Trailers end the body where no body message does; their answer follows the body's.
            _body.TrailersCame = true;
            if (!_body.HasEnded)
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
            _body.End(isWhole: false);
            IsDeciding = false;
            Release();
        }
    }

    /// <summary>The body of a request did not go on for too long.</summary>
    public void OnTimeout()
    {
        if (!_body.HasEnded)
        {
            owner.Refuse(Refusal.BodyTimedOut);
        }
    }

    /// <summary>There is no more of the body than this: parse it, here or on the thread pool, then decide.</summary>
    private void End(bool isWhole)
    {
        _body.End(isWhole);
        services.Bodies.Remove(owner);
        _request.BodySize = _body.Length;
        if (!isWhole)
        {
            DecideUnread();
        }
        else if (_body.Length < ParsedInTurn || _route is not { ReadsBody: true })
        {
            Read();
            if (!AwaitTokens())
            {
                Decide();
            }
        }
        else
        {
            IsDeciding = true;
            Volatile.Write(ref _parsing, (int)Parsing.Running);
            ThreadPool.UnsafeQueueUserWorkItem(static phase => phase.ReadOutsideTheTurn(), this, preferLocal: false);
        }
    }

    /// <summary>Reads what the decision needs of the body. Touches nothing but this request's own, so that it can run outside the turn.</summary>
    private void Read()
    {
        if (_route is not { ReadsBody: true } route)
        {
            Classify();
            return;
        }

        _parsed = route.Parse(_body.Content);
        if (_parsed.Error is not null)
        {
            return;
        }

        _request.IncomingModel = _parsed.Model;
        _request.Streaming = _parsed.Stream;
        _request.MaxOutputTokens = (int)Math.Min(_parsed.MaxOutputTokens ?? 0, int.MaxValue);
        Classify();
        _prompt.Read(route, _body.Content, _parsed, _request, pool, _headers.Video);
    }

    private void ReadOutsideTheTurn()
    {
        Read();
        if (!AwaitTokens())
        {
            EndReading();
        }
    }

    /// <summary>Decides only when the prompt's tokens are there, or won't come in time; false where nobody has to be waited for.</summary>
    private bool AwaitTokens()
    {
        if (_route is not { ReadsBody: true } route || _parsed.Error is not null || _prompt.RenderAsync(route, _body.Content, _parsed, _request, pool) is not { } rendering)
        {
            return false;
        }

        // Outside the turn the body is with its reader already, or even left to it.
        IsDeciding = true;
        Interlocked.CompareExchange(ref _parsing, (int)Parsing.Running, (int)Parsing.No);
        rendering.ContinueWith(static (_, phase) => ((RequestPhase)phase!).EndReading(), this, TaskScheduler.Default);
        return true;
    }

    /// <summary>Goes back to the turn.</summary>
    private void EndReading()
    {
        if (Interlocked.CompareExchange(ref _parsing, (int)Parsing.No, (int)Parsing.Running) == (int)Parsing.Running)
        {
            call.Post(static phase => phase.Decide(), this);
        }
        else
        {
            ReleaseBody(); // the call ended meanwhile and left the body to its reader
        }
    }

    /// <summary>Settles the model, picks, and gives all answers of the request phase.</summary>
    private void Decide()
    {
        IsDeciding = false;
        if (owner.IsOver || _isAbandoned)
        {
            return;
        }

        if ((_noRoute ?? _parsed.Error) is { } error)
        {
            owner.Refuse(Refusal.BadRequest(error));
            return;
        }

        if (_route!.NeedsModel && _request.TargetModel.Length == 0)
        {
            owner.Refuse(Refusal.NoModel);
            return;
        }

        Pick();
    }

    /// <summary>Picks for a body that is not known, or not as a whole.</summary>
    private void DecideUnread()
    {
        Classify();
        Pick();
    }

    private void Classify()
    {
        services.Director.Classify(pool, _request, _headers.Objective, _headers.ModelRewrite, out _rule);
    }

    private void Pick()
    {
        _request.Headers = _headers;
        _request.OnlyIfCached = _headers.OnlyIfCached;
        owner.Trace.StartOrchestration(_request);
        if (_rule is not null)
        {
            owner.Figures.Rewritten(_rule, _request);
        }

        var since = owner.Figures.Deciding(_request);
        Refusal? refusal;
        Decision decision;
        using (pool is null ? default : pool.Memory.EnterDecision(pool.View))
        {
            refusal = services.Director.Pick(pool, _request, _subset, _prompt.Hashes, _prompt.TokenHashes, out decision);
            if (refusal is null)
            {
                owner.Bookings.Book(services.Director, decision, _request, owner.Figures.FlowOf(_request));
            }
        }

        if (refusal is not null)
        {
            owner.Figures.NotPicked(since, _request, refusal, decision);
            owner.Trace.EndOrchestration(_request, refusal.Message);
            owner.Refuse(refusal);
            return;
        }

        owner.Trace.EndOrchestration(_request, refused: null);

        IsDecided = true;
        _hooks = decision.Hooks;
        _server = decision.View.Servers[decision.Primary];
        services.Metrics.Picked();
        owner.Figures.Picked(since, _request, decision);
        if (decision.Edits?.Disaggregation is { } stages)
        {
            owner.Figures.Disaggregated(stages, _request);
        }

        if (!owner.Observed)
        {
            Answer(decision);
        }

        owner.Figures.Forwarded(_request);
        _prompt.Remember(pool!, decision);
        Release();
        if (_route is { SkipsResponse: true })
        {
            owner.Leave();
        }
        else
        {
            owner.Answered();
        }
    }

    /// <summary>Headers of the response that plugins set; null where there are none. Valid until the thread's next response.</summary>
    public HeaderEdits? EditResponse() => _hooks is null ? null : services.Director.EditResponse(_hooks, _request, _server!);

    /// <summary>A request without a body has nothing to wait for.</summary>
    private void PickAny()
    {
        if (services.Director.PickAny(pool, out var decision) is { } refusal)
        {
            owner.Refuse(refusal);
            return;
        }

        IsDecided = true;
        services.Metrics.Picked();
        if (!owner.Observed)
        {
            _answers.GiveBodyless(decision, _newRequestId);
        }

        Release();
    }

    /// <summary>Puts the target model in the body, and gives all answers.</summary>
    private void Answer(in Decision decision)
    {
        var edited = _parsed.CanEditModel && _request.TargetModel.Length > 0 && _request.TargetModel != _parsed.Model;
        if (edited)
        {
            _body.ReplaceModel(_parsed, _request.TargetModel);
        }

        _answers.Give(decision, _newRequestId, _headers.Map, _body, edited);
    }

    /// <summary>A message of a body that has ended: in STREAMED mode it waits for its answer all the same.</summary>
    private void PassLateMessage()
    {
        if (owner.RequestMode != BodySendMode.Streamed)
        {
            return;
        }

        if (IsDecided)
        {
            owner.Continue(ProcessingKind.RequestBody);
        }
        else
        {
            _body.CountLateMessage();
        }
    }

    /// <summary>Gives back what the request holds; a body that is being parsed is left to its reader. May be called again.</summary>
    public void Release()
    {
        services.Bodies.Remove(owner);
        _request.Headers = null;
        _headers.Release();
        services.Held.Release(_subset.Length);
        _subset = [];
        if (Interlocked.CompareExchange(ref _parsing, (int)Parsing.Abandoned, (int)Parsing.Running) == (int)Parsing.No)
        {
            ReleaseBody();
        }
    }

    private void ReleaseBody()
    {
        _body.Release();
        _prompt.Release();
    }

    /// <summary>Who gives the body back while it is parsed outside the turn.</summary>
    private enum Parsing
    {
        No,
        Running,
        Abandoned,
    }
}
