using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Rendering;
using Orleans.Inference.ExtProcGateway.Reporting;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>What all ext_proc calls share.</summary>
internal sealed class ExtProcServices(
    Director director,
    ActiveConfiguration active,
    GatewayOptions options,
    GatewayMetrics metrics,
    RequestMetrics requests,
    PickerMetrics picker,
    OpenCalls calls,
    HeldBytes held,
    RequestTracing tracing,
    TimeProvider time,
    ILogger<ExtProcService> log) : IDisposable
{
    /// <summary>A response is held back until it is whole, but not for longer than this between two of its pieces.</summary>
    private static readonly TimeSpan HeldResponse = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Each piece starts the wait for the next one anew, but a body that is not whole after this many times that wait is refused: one that drips would be held for ever. By default that
    /// is ten minutes, in which the largest body comes at 56 KB/s.
    /// </summary>
    private const int LongestBody = 10;

    public Director Director => director;

    public RequestRoutes Routes => active.Current.Routes;

    public GatewayOptions Options => options;

    public GatewayMetrics Metrics => metrics;

    public RequestTracing Tracing => tracing;

    public TimeProvider Time => time;

    public ILogger Log => log;

    /// <summary>The ext_proc streams' own metrics; null where they are not asked for.</summary>
    public StreamMetrics? Streams => picker.Streams;

    /// <summary>The figures of a new call.</summary>
    public CallFigures NewFigures() => new(requests, picker, time);

    /// <summary>Requests whose body is still coming.</summary>
    public WithheldAnswers Bodies { get; } = new(options.BodyTimeout, time);

    /// <summary>Responses that are held back until they are whole.</summary>
    public WithheldAnswers Responses { get; } = new(HeldResponse, time);

    /// <summary>What is held for all requests and responses.</summary>
    public HeldBytes Held => held;

    /// <summary>A body that was expected from that time stamp on comes too slowly.</summary>
    public bool IsOverdue(long since) => time.GetElapsedTime(since) > LongestBody * options.BodyTimeout;

    /// <summary>How prompts are hashed; null where nobody asks who holds them.</summary>
    public PrefixCacheOptions? Prefix => active.Current.Prefix;

    /// <summary>Somebody asks who has encoded a prompt's pictures, videos and sounds.</summary>
    public bool AsksForMedia => active.Current.Media is not null;

    /// <summary>Somebody asks who holds a prompt, as the servers' own events tell.</summary>
    public bool ReadsEvents => active.Current.Events is not null;

    /// <summary>Who makes tokens of prompts that are text; null for nobody.</summary>
    public RenderOptions? Render => active.Current.Render;

    /// <summary>Asks for them.</summary>
    public PromptRenderer Renderer { get; } = new(time, log);

    /// <summary>How a prompt's pictures and videos are counted.</summary>
    public MediaEstimate MediaEstimate => active.Current.MediaEstimate;

    /// <summary>Somebody asks for the prompt's tokens, or whether it has pictures.</summary>
    public bool CountsTokens => active.Current.CountsTokens;

    /// <summary>Room for the hashes of prompts.</summary>
    public PromptPool Prompts { get; } = new();

    /// <summary>One stream more than the process takes is open.</summary>
    public bool IsOverloaded => options.MaxStreams > 0 && calls.Count > options.MaxStreams;

    /// <summary>What is told of each response; null for nothing.</summary>
    public AttributeReports? Reports => active.Current.Reports;

    /// <summary>Tells whose a request is that names no flow; null where that is nobody's.</summary>
    public AgentIdentity? AgentIdentity => active.Current.AgentIdentity;

    /// <summary>Tell the client which server has answered, for conformance tests (<c>destination-endpoint-served-verifier</c>).</summary>
    public bool VerifyServed => active.Current.VerifyServed;

    /// <inheritdoc/>
    public void Dispose()
    {
        Bodies.Dispose();
        Responses.Dispose();
        Renderer.Dispose();
    }
}
