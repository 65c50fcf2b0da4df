using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.View;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>The reading of one request: its path, its body as far as it came, and what the decision needs to know of them.</summary>
/// <remarks>
/// In the turn of the call's connection, but for the parsing of a large body and the wait for a prompt's tokens. While those are under way, they
/// alone touch the body, the prompt and <see cref="RequestPhase.Request"/>.
/// </remarks>
internal sealed class RequestReading(RequestPhase phase, GrpcServerCall call, PoolState? pool, ExtProcServices services)
{
    /// <summary>
    /// Bodies from this size are parsed on the thread pool: at about 1 GB/s a megabyte takes a millisecond, in which the other streams of the
    /// connection would wait.
    /// </summary>
    private const long ParsedInTurn = 256 * 1024;

    private ReceivedBody _body = new(services.Held);
    private RequestPrompt _prompt = new(services);
    private ParsedRequest _parsed;
    private string? _noRoute;
    private string? _rule;
    private int _parsing;

    /// <summary>The body as far as it came.</summary>
    public ref ReceivedBody Body => ref _body;

    /// <summary>What the decision wants to know of the prompt.</summary>
    public ref RequestPrompt Prompt => ref _prompt;

    /// <summary>What was found in the body; nothing where it was not read.</summary>
    public ref readonly ParsedRequest Parsed => ref _parsed;

    /// <summary>What the path decided; null before <see cref="Resolve"/>, and where no parser takes the path.</summary>
    public RequestRoute? Route { get; private set; }

    /// <summary>What is wrong with the path or the body; null where nothing is.</summary>
    public string? Error => _noRoute ?? _parsed.Error;

    /// <summary>The rule that rewrote the model's name, if one did.</summary>
    public string? Rule => _rule;

    /// <summary>The complete body is with its reader outside the turn.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Finds the parser that takes the path.</summary>
    public void Resolve(ReadOnlySpan<byte> path)
    {
        Route = services.Routes.Resolve(path);
        _noRoute = Route is null ? RequestRoutes.NoParser(path) : null;
    }

    /// <summary>Reads the complete body, here or on the thread pool, and then calls <see cref="RequestPhase.Decide"/> in the turn.</summary>
    public void Start()
    {
        if (_body.Length >= ParsedInTurn && Route is { ReadsBody: true })
        {
            IsUnderWay = true;
            Volatile.Write(ref _parsing, (int)Parsing.Running);
            ThreadPool.UnsafeQueueUserWorkItem(static reading => reading.ReadOutsideTheTurn(), this, preferLocal: false);
            return;
        }

        Read();
        if (!AwaitTokens())
        {
            phase.Decide();
        }
    }

    /// <summary>Settles model, target and priority from what is known by now.</summary>
    public void Classify() => services.Director.Classify(pool, phase.Request, phase.Headers.Objective, phase.Headers.ModelRewrite, out _rule);

    /// <summary>Gives body and prompt back; what is being read is left to its reader. May be called again.</summary>
    public void Release()
    {
        if (Interlocked.CompareExchange(ref _parsing, (int)Parsing.Abandoned, (int)Parsing.Running) == (int)Parsing.No)
        {
            ReleaseBody();
        }
    }

    private void ReadOutsideTheTurn()
    {
        Read();
        if (!AwaitTokens())
        {
            BackToTheTurn();
        }
    }

    /// <summary>Reads what the decision needs of the body. Touches nothing but this request's own, so that it can run outside the turn.</summary>
    private void Read()
    {
        if (Route is not { ReadsBody: true } route)
        {
            Classify();
            return;
        }

        _parsed = route.Parse(_body.Content);
        if (_parsed.Error is not null)
        {
            return;
        }

        var request = phase.Request;
        request.IncomingModel = _parsed.Model;
        request.Streaming = _parsed.Stream;
        request.MaxOutputTokens = (int)Math.Min(_parsed.MaxOutputTokens ?? 0, int.MaxValue);
        Classify();
        _prompt.Read(route, _body.Content, _parsed, request, pool, phase.Headers.Video);
    }

    /// <summary>Has the end of the reading wait until the prompt's tokens are there, or won't come in time; false where nobody has to be waited for.</summary>
    private bool AwaitTokens()
    {
        if (Route is not { ReadsBody: true } route || _parsed.Error is not null || _prompt.RenderAsync(route, _body.Content, _parsed, phase.Request, pool) is not { } rendering)
        {
            return false;
        }

        // Outside the turn the body is with its reader already, or even left to it.
        IsUnderWay = true;
        Interlocked.CompareExchange(ref _parsing, (int)Parsing.Running, (int)Parsing.No);
        rendering.ContinueWith(static (_, reading) => ((RequestReading)reading!).BackToTheTurn(), this, TaskScheduler.Default);
        return true;
    }

    private void BackToTheTurn()
    {
        if (Interlocked.CompareExchange(ref _parsing, (int)Parsing.No, (int)Parsing.Running) == (int)Parsing.Running)
        {
            call.Post(static reading => reading.End(), this);
        }
        else
        {
            ReleaseBody(); // the call ended meanwhile and left the body to its reader
        }
    }

    private void End()
    {
        IsUnderWay = false;
        phase.Decide();
    }

    private void ReleaseBody()
    {
        _body.Release();
        _prompt.Release();
    }

    /// <summary>Who gives the body back while it is read outside the turn.</summary>
    private enum Parsing
    {
        No,
        Running,
        Abandoned,
    }
}
